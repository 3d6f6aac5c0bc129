"""The steady state before the first strike: what normal looks like, role by role."""

from dataclasses import dataclass

import numpy as np

from blackstart.measures.history import History, MarkKind, latency_s, outcome_is
from blackstart.model.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """One role's normal: how many answers, share of ``ok``, share of bad ones, latencies in s."""

    probes: int
    ok_share: float
    bad_share: float
    p50_s: float
    p95_s: float


def baselines(history: History) -> dict[str, Baseline]:
    """The baseline of every role that had traffic between the steady mark and the first strike."""
    steady = history.first(MarkKind.STEADY)
    strike = history.first(MarkKind.STRIKE_CALLED)
    if steady is None:
        return {}
    before = history.between(steady.at_ns, strike.at_ns if strike else history.end_ns + 1)
    if strike is not None:
        # What was still under way when the strike came belongs to neither side.
        before = before.finished_by(strike.at_ns)
    return {role: _baseline(before, role) for role in history.roles if len(before.of(role))}


def _baseline(before: History, role: str) -> Baseline:
    probes = before.of(role)
    latency = latency_s(probes)
    bad = ~outcome_is(probes, (Outcome.OK, Outcome.STALE, Outcome.DEGRADED))
    return Baseline(
        probes=len(probes),
        ok_share=float(outcome_is(probes, (Outcome.OK,)).mean()),
        bad_share=float(bad.mean()),
        p50_s=float(np.percentile(latency, 50)),
        p95_s=float(np.percentile(latency, 95)),
    )
