"""How long it was down: from a strike to the first stretch of good answers that then lasts.

One lucky answer is not recovery, and good that doesn't stay good isn't either (AWS Resilience Hub
asks the same of its alarms: back to OK within the RTO, and staying there).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.baseline import Baseline
from blackstart.measures.contracts import good
from blackstart.measures.history import (
    History,
    Probes,
    latency_s,
    lateness_s,
    outcome_is,
    select,
)
from blackstart.measures.strikes import StrikeSpan
from blackstart.model.clock import NS_PER_S
from blackstart.model.outcome import Outcome
from blackstart.model.scenario import Contract

_PROOF_PROBES = 10
_WINDOW_S = 0.25


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """One role's recovery from one strike. ``recovery_s`` is ``None`` when it did not last.

    ``resolution_s``: between the last bad and the first good answer nothing is known.
    """

    role: str
    recovery_s: float | None
    resolution_s: float
    bad: int
    good_from_ns: int | None


def recovery(
    history: History, role: str, contract: Contract, baseline: Baseline, span: StrikeSpan
) -> Recovery | None:
    """How ``role`` came back from the strike; ``None`` if it had no traffic to see it by."""
    after = _touched_by(history.of(role), span, contract.cap_s)
    if not len(after):
        return None
    is_good = good(after, contract)
    start = _last_stretch(is_good, baseline.bad_share)
    due_ns = np.maximum(after["scheduled_ns"], span.called_ns)
    bad = int((~is_good).sum())
    late_s = float(np.percentile(lateness_s(after), 99))
    if start is None:
        return Recovery(role=role, recovery_s=None, resolution_s=late_s, bad=bad, good_from_ns=None)
    previous_ns = int(due_ns[start - 1]) if start else span.called_ns
    gap_s = (int(due_ns[start]) - previous_ns) / NS_PER_S
    down_s = (int(due_ns[start]) - span.called_ns) / NS_PER_S if start else 0.0
    return Recovery(
        role=role,
        recovery_s=down_s,
        resolution_s=gap_s + late_s,
        bad=bad,
        good_from_ns=int(due_ns[start]),
    )


def _touched_by(probes: Probes, span: StrikeSpan, cap_s: float) -> Probes:
    """Requests that the strike can have touched: those under way when it was called, too."""
    touched = (probes["ended_ns"] >= span.called_ns) & (probes["scheduled_ns"] < span.until_ns)
    return select(probes, touched & ~_taken_by_the_next(probes, span, cap_s))


def _taken_by_the_next(probes: Probes, span: StrikeSpan, cap_s: float) -> NDArray[np.bool_]:
    """Requests under way when the next strike was called say nothing about this one.

    Only those that were not overdue by then, and later than all that had ended: a request that
    hangs while later ones are answered is this strike's still.
    """
    due_ns, ended = probes["scheduled_ns"], probes["ended_ns"] < span.until_ns
    last_ns = int(due_ns[ended].max()) if ended.any() else span.called_ns
    in_time = due_ns > span.until_ns - int(cap_s * NS_PER_S)
    return np.asarray(~ended & in_time & (due_ns > last_ns))


def _last_stretch(is_good: NDArray[np.bool_], tolerated_share: float) -> int | None:
    """Where the stretch of good answers that lasts to the end begins.

    The one tolerance: as large a share of stray bad answers as the baseline itself had (none, if
    it had none). A stretch of fewer than ten answers proves nothing.
    """
    bad_from_here = np.cumsum(~is_good[::-1])[::-1]
    left = np.arange(len(is_good), 0, -1)
    lasting = (
        is_good & (bad_from_here <= np.floor(tolerated_share * left)) & (left >= _PROOF_PROBES)
    )
    starts = np.flatnonzero(lasting)
    return int(starts[0]) if len(starts) else None


def normal_s(history: History, role: str, baseline: Baseline, end_ns: int) -> float | None:
    """Seconds from the fault's end until answers are as in the baseline, and stay so.

    Judged in windows of a quarter of a second: as large a share of ``ok`` as before, and a median
    latency within the baseline's 95th percentile (twice that, at least 20 ms more, since two busy
    cores are noisy). ``None`` if that never came, or nothing was seen.
    """
    probes = history.of(role)
    after = select(probes, probes["scheduled_ns"] >= end_ns)
    if not len(after):
        return None
    window = _windows(after, end_ns)
    strange = np.unique(window)[~_normal(after, window, baseline)]
    if not len(strange):
        return 0.0
    if strange[-1] == window[-1]:
        return None
    return float(strange[-1] + 1) * _WINDOW_S


def _windows(after: Probes, end_ns: int) -> NDArray[np.int64]:
    """The number of the window of each probe; what is left over at the end joins the one before.

    A window cut short would be judged by an answer or two.
    """
    window = np.asarray((after["scheduled_ns"] - end_ns) // int(_WINDOW_S * NS_PER_S), np.int64)
    sizes = np.bincount(window)
    if len(sizes) > 1 and sizes[-1] < sizes[-2]:
        window[window == len(sizes) - 1] -= 1
    return window


def _normal(probes: Probes, window: NDArray[np.int64], baseline: Baseline) -> NDArray[np.bool_]:
    """For each window in turn, whether its answers are as in the baseline."""
    starts = np.flatnonzero(np.diff(window, prepend=-1))
    sizes = np.diff(starts, append=len(window))
    ok_share = np.add.reduceat(outcome_is(probes, (Outcome.OK,)).astype(np.int64), starts) / sizes
    by_latency = latency_s(probes)
    by_latency = by_latency[np.lexsort((by_latency, window))]
    median_s = (by_latency[starts + (sizes - 1) // 2] + by_latency[starts + sizes // 2]) / 2
    cap_s = max(2 * baseline.p95_s, baseline.p95_s + 0.02)
    return np.asarray((ok_share >= baseline.ok_share - 1e-9) & (median_s <= cap_s))
