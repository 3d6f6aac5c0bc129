"""All events of a drill in order, on one monotonic clock: the only evidence for checkers."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.layout import FIELDS
from blackstart.model.clock import NS_PER_S
from blackstart.model.outcome import Ending, Outcome

OUTCOMES = tuple(Outcome)
ENDINGS = (None, *Ending)  # index 0: not a write

PROBE = np.dtype([(name, f"<{code}") for name, code in FIELDS])
"""One probe, 48 bytes, as the prober writes them (little endian)."""

Probes = NDArray[np.void]


class MarkKind(StrEnum):
    """What happened in the drill besides requests."""

    STEADY = "steady"
    STRIKE_CALLED = "strike called"
    STRIKE_COMPLETED = "strike completed"
    LIFTED = "lifted"
    RECOVERY_CALLED = "recovery called"
    RECOVERED = "recovery completed"
    LOAD = "load"
    BURST = "burst"
    SIGNAL = "signal"  # a log line of the target that means something
    LOGOUT = "logout"
    TOKEN = "token"  # noqa: S105 - the word, not a secret
    REPLAYED = "replayed"
    WITNESS = "witness"
    NOTE = "note"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One event: when (monotonic ns), what, and its particulars."""

    at_ns: int
    kind: MarkKind
    text: str
    data: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Series:
    """Samples of one figure over time."""

    at_ns: NDArray[np.int64]
    value: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class History:
    """Probes in order of their schedule, marks in order of time, samples by name."""

    roles: tuple[str, ...]
    probes: Probes
    marks: tuple[Mark, ...] = ()
    samples: dict[str, Series] = field(default_factory=dict)

    @property
    def start_ns(self) -> int:
        """The first instant known of."""
        firsts = [m.at_ns for m in self.marks[:1]]
        firsts += [int(self.probes["scheduled_ns"][0])] if len(self.probes) else []
        return min(firsts, default=0)

    @property
    def end_ns(self) -> int:
        """The last instant known of."""
        lasts = [m.at_ns for m in self.marks[-1:]]
        lasts += [int(self.probes["ended_ns"].max())] if len(self.probes) else []
        return max(lasts, default=0)

    def of(self, role: str) -> Probes:
        """The probes of one role; none if it had no traffic."""
        if role not in self.roles:
            return self.probes[:0]
        return select(self.probes, self.probes["role"] == self.roles.index(role))

    def all(self, kind: MarkKind) -> tuple[Mark, ...]:
        """The marks of one kind."""
        return tuple(m for m in self.marks if m.kind is kind)

    def first(self, kind: MarkKind) -> Mark | None:
        """The first mark of a kind, if there is one."""
        return next((m for m in self.marks if m.kind is kind), None)

    def last(self, kind: MarkKind) -> Mark | None:
        """The last mark of a kind, if there is one."""
        return next((m for m in reversed(self.marks) if m.kind is kind), None)

    def between(self, from_ns: int, to_ns: int) -> "History":
        """What was scheduled, or happened, in ``[from_ns, to_ns)``."""
        due = self.probes["scheduled_ns"]
        return replace(
            self,
            probes=select(self.probes, (due >= from_ns) & (due < to_ns)),
            marks=tuple(m for m in self.marks if from_ns <= m.at_ns < to_ns),
        )

    def finished_by(self, at_ns: int) -> "History":
        """Without the requests that were still under way at ``at_ns``."""
        return replace(self, probes=select(self.probes, self.probes["ended_ns"] < at_ns))


def ordered(probes: Probes) -> Probes:
    """Probes by schedule: they are written in the order in which they ended."""
    return np.take(probes, np.argsort(probes["scheduled_ns"], kind="stable"))


def select(probes: Probes, which: NDArray[np.bool_]) -> Probes:
    """The probes marked in ``which``, in the same order; not copied where they stand together."""
    if not which.any():
        return probes[:0]
    first, last = int(which.argmax()), len(which) - int(which[::-1].argmax())
    if last - first == int(np.count_nonzero(which)):
        return probes[first:last]
    return np.compress(which, probes)


def latency_s(probes: Probes) -> NDArray[np.float64]:
    """Seconds from the scheduled instant to the end (coordinated omission left no place)."""
    return np.asarray((probes["ended_ns"] - probes["scheduled_ns"]) / NS_PER_S, dtype=np.float64)


def lateness_s(probes: Probes) -> NDArray[np.float64]:
    """Seconds by which the prober itself was late in sending."""
    return np.asarray((probes["sent_ns"] - probes["scheduled_ns"]) / NS_PER_S, dtype=np.float64)


def outcome_is(probes: Probes, outcomes: Sequence[Outcome]) -> NDArray[np.bool_]:
    """Which probes ended with one of ``outcomes``."""
    return np.isin(probes["outcome"], [OUTCOMES.index(o) for o in outcomes])
