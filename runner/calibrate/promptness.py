"""Whether latency counts from the schedule, and how well the prober keeps to its own."""

import numpy as np
from numpy.typing import NDArray

from blackstart.measures import contracts, history
from blackstart.model.clock import NS_PER_S
from blackstart.model.scenario import Contract
from blackstart.runner.calibrate.recording import Recording
from blackstart.runner.calibrate.row import Row

STOPPED_S = 0.3
_READ_LIMIT_S = 0.05
_P99_LIMIT_S = 0.002


def latency(stopped: Recording) -> list[Row]:
    """Latency of a prober that was stopped: what was due meanwhile waited, and that is counted.

    The target knows when each answer left; its client can have it a moment later, never before.
    """
    probes = _sent_or_read_in_time(stopped.history.of("read"))
    answers = stopped.answers("read")
    left_ns = np.array([int(answers[int(seq)]["answered_ns"]) for seq in probes["seq"]])
    true_s = (left_ns - probes["scheduled_ns"]) / NS_PER_S
    error_s = history.latency_s(probes) - true_s
    blamed = int(contracts.slow(probes, Contract(cap_s=STOPPED_S / 2)).sum())
    return [
        Row(
            f"longest latency, prober stopped for {STOPPED_S:g} s",
            _ms(true_s.max()),
            _ms(history.latency_s(probes).max()),
            bool(error_s.min() >= 0 and error_s.max() <= _READ_LIMIT_S),
        ),
        Row("answers blamed for the prober's lag", "0", str(blamed), blamed == 0),
    ]


def _sent_or_read_in_time(probes: history.Probes) -> history.Probes:
    """Without what was on its way when the prober was stopped.

    Its answers lay unread until the prober went on, and no stamp of the prober's can tell that.
    """
    sent_ns = np.sort(probes["sent_ns"])
    last = int(np.argmax(np.diff(sent_ns)))
    unread = (probes["sent_ns"] <= sent_ns[last]) & (probes["ended_ns"] >= sent_ns[last + 1])
    return history.select(probes, ~unread)


def _ms(value_s: float) -> str:
    return f"{value_s * 1e3:.1f} ms"


def schedule(recordings: list[Recording]) -> Row:
    """How late requests left, of all recordings in which nobody stopped the prober."""
    late_s: NDArray[np.float64] = np.concatenate(
        [history.lateness_s(one.history.probes) for one in recordings]
    )
    p50_s, p99_s = np.percentile(late_s, [50, 99])
    return Row(
        "requests leave on schedule",
        "p99 ≤ 2 ms",
        f"p50 {_ms(p50_s)}, p99 {_ms(p99_s)}",
        bool(p99_s <= _P99_LIMIT_S),
    )
