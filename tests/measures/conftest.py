"""Histories made up by hand, so that every checker can be seen to fail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from blackstart.measures.history import ENDINGS, OUTCOMES, PROBE, History, Mark, MarkKind, ordered
from blackstart.measures.layout import Failure
from blackstart.model.outcome import Ending, Outcome

S = 1_000_000_000
START_NS = 1_000 * S


@dataclass
class Script:
    """A drill told in seconds: 100 answers a second of ``read``, a strike at 2 s."""

    length_s: float = 8.0
    strike_s: float = 2.0
    lifted_s: float | None = 5.0
    rate: int = 100
    latency_s: float = 0.005
    stretches: list[tuple[float, float, Outcome, Failure, float]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def during(
        self,
        from_s: float,
        to_s: float,
        outcome: Outcome,
        *,
        failure: Failure = Failure.NONE,
        latency_s: float = 0.005,
    ) -> "Script":
        self.stretches.append((from_s, to_s, outcome, failure, latency_s))
        return self

    def mark(self, at_s: float, kind: MarkKind, text: str = "", **data: object) -> "Script":
        self.marks.append(Mark(at_ns=at(at_s), kind=kind, text=text, data=data))
        return self

    def history(self, role: str = "read") -> History:
        return History(roles=(role,), probes=self._probes(), marks=self._marks())

    def _probes(self) -> np.ndarray:
        probes = np.zeros(int(self.length_s * self.rate), dtype=PROBE)
        for seq in range(len(probes)):
            self._fill(probes, seq)
        return ordered(probes)

    def _fill(self, probes: np.ndarray, seq: int) -> None:
        due_s = seq / self.rate
        outcome, failure, latency_s = self._at(due_s)
        probes[seq]["seq"] = seq
        probes[seq]["outcome"] = OUTCOMES.index(outcome)
        probes[seq]["failure"] = failure
        acked = outcome in (Outcome.OK, Outcome.DEGRADED, Outcome.STALE)
        probes[seq]["ending"] = ENDINGS.index(Ending.ACKED if acked else Ending.UNKNOWN)
        probes[seq]["scheduled_ns"] = probes[seq]["sent_ns"] = at(due_s)
        probes[seq]["ended_ns"] = at(due_s + latency_s)

    def _at(self, due_s: float) -> tuple[Outcome, Failure, float]:
        for from_s, to_s, outcome, failure, latency_s in self.stretches:
            if from_s <= due_s < to_s:
                return outcome, failure, latency_s
        return Outcome.OK, Failure.NONE, self.latency_s

    def _marks(self) -> tuple[Mark, ...]:
        strike = {"strike": 1, "group": 1}
        script = Script(marks=list(self.marks))
        script.mark(0, MarkKind.STEADY)
        script.mark(self.strike_s, MarkKind.STRIKE_CALLED, "cut", **strike)
        script.mark(self.strike_s, MarkKind.STRIKE_COMPLETED, "cut", **strike)
        if self.lifted_s is not None:
            script.mark(self.lifted_s, MarkKind.LIFTED, "cut")
        return tuple(sorted(script.marks, key=lambda mark: mark.at_ns))


def at(second: float) -> int:
    return START_NS + round(second * S)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def seconds_at() -> Callable[[float], int]:
    return at


@pytest.fixture
def codes() -> Callable[[Sequence[object]], list[str]]:
    return lambda findings: [str(finding.code) for finding in findings]
