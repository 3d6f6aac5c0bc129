"""The last watch of a drill, without a stage: only a clock, and answers made up by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from blackstart.measures.history import OUTCOMES, PROBE, Mark, MarkKind
from blackstart.model.clock import NS_PER_S, FakeClock
from blackstart.model.outcome import Outcome
from blackstart.runner.live import Live
from blackstart.scenarios.loading import pick

RATE = 100


class MadeUp:
    """Answers of ``read`` up to now: degraded from 2 s on, and normal again at ``normal_at_s``."""

    def __init__(self, clock: FakeClock, normal_at_s: float) -> None:
        self._clock, self._normal_at_s = clock, normal_at_s

    def role_names(self):
        return ("read",)

    def probes(self):
        due_s = np.arange(0, self._clock.now_ns() / NS_PER_S, 1 / RATE)
        probes = np.zeros(len(due_s), dtype=PROBE)
        probes["scheduled_ns"] = probes["sent_ns"] = due_s * NS_PER_S
        probes["ended_ns"] = probes["scheduled_ns"] + 5_000_000
        ill = (due_s >= 2) & (due_s < self._normal_at_s)
        probes["outcome"] = np.where(ill, OUTCOMES.index(Outcome.DEGRADED), 0)
        return probes


def live_at(now_s: float, normal_at_s: float) -> Live:
    """A drill struck at 2 s and mended at 4 s, that has come to ``now_s``."""
    clock = FakeClock(int(now_s * NS_PER_S))
    strike = {"strike": 1, "group": 1}
    marks = [
        Mark(at_ns=0, kind=MarkKind.STEADY, text=""),
        Mark(at_ns=2 * NS_PER_S, kind=MarkKind.STRIKE_CALLED, text="cut", data=strike),
        Mark(at_ns=2 * NS_PER_S, kind=MarkKind.STRIKE_COMPLETED, text="cut", data=strike),
        Mark(at_ns=4 * NS_PER_S, kind=MarkKind.LIFTED, text="cut"),
    ]
    (scenario, variant), *_ = pick(["redis-unavailable[cut]"])
    stage = SimpleNamespace(
        clock=clock,
        prober=MadeUp(clock, normal_at_s),
        plan=SimpleNamespace(scenario=scenario, variant=variant),
        marks=lambda: marks,
        samples=dict,
    )
    return Live(stage)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("normal_at_s", "ends_at_s"),
    [
        (4.2, 6.0),  # normal when the planned watch is over: not a moment longer
        (6.3, 6.6),  # normal soon after: watched until it is
        (99, 7.5),  # never: watched for the three seconds allowed, and half a second more
    ],
)
def test_a_drill_is_watched_on_until_it_is_normal_or_its_time_is_up(normal_at_s, ends_at_s):
    live = live_at(6.0, normal_at_s)
    live.see_out()
    assert live.stage.clock.now_ns() / NS_PER_S == pytest.approx(ends_at_s, abs=0.25)
    assert live.inherent_s == pytest.approx(live.stage.clock.now_ns() / NS_PER_S - 6.0, abs=0.01)
