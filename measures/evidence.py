"""Whether a history can carry a verdict at all: no evidence is never a pass."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from blackstart.measures.baseline import Baseline
from blackstart.measures.history import History, lateness_s
from blackstart.measures.ledger import Audit, Ledger, Loss
from blackstart.measures.strikes import StrikeSpan
from blackstart.model.faults import Witness

# Recovery figures carry the prober's lateness in their error bar; beyond this they say too little.
LATE_S_MAX = 0.25
_STEADY_PROBES = 10


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What was gathered besides the history: witnesses, ledgers and audits by role."""

    witnesses: tuple[Witness, ...] = ()
    ledgers: Mapping[str, Ledger]
    audits: Mapping[str, Audit]
    pool_limit: int | None = None
    pool_idle: int | None = None


def missing(
    history: History, roles: tuple[str, ...], evidence: Evidence, spans: tuple[StrikeSpan, ...]
) -> list[str]:
    """Why nothing can be concluded, in words; empty if something can."""
    if not len(history.probes):
        return ["no probe was sent"]
    if not spans:
        return ["nothing was struck"]
    return [*_unwitnessed(evidence), *_unprobed(history, roles), *_late(history)]


def _unwitnessed(evidence: Evidence) -> list[str]:
    if not evidence.witnesses:
        return ["no witness was looked for: whether the fault bit is unknown"]
    return [f"the fault did not bite: {w.text}" for w in evidence.witnesses if not w.bit]


def _unprobed(history: History, roles: tuple[str, ...]) -> list[str]:
    return [f"no {role} was sent" for role in roles if not len(history.of(role))]


def _late(history: History) -> list[str]:
    late_s = float(np.percentile(lateness_s(history.probes), 99))
    if late_s <= LATE_S_MAX:
        return []
    return [f"the prober itself was late: 99 % within {late_s:.3f} s, allowed {LATE_S_MAX:g} s"]


def unsteady(baselines: Mapping[str, Baseline], roles: tuple[str, ...]) -> list[str]:
    """Why the steady state before the strike was not seen, role by role."""
    reasons = []
    for role in roles:
        baseline = baselines.get(role)
        if baseline is None or baseline.probes < _STEADY_PROBES:
            reasons.append(f"no steady state: {role} was hardly asked before the strike")
        elif baseline.bad_share > 0.02:
            share = baseline.bad_share
            reasons.append(f"no steady state: {share:.0%} of {role} were bad before the strike")
    return reasons


def unaccounted(losses: Mapping[str, Loss]) -> list[str]:
    """Ledgers that can prove nothing: no write acknowledged, or none readable."""
    reasons = []
    for role, loss in losses.items():
        if not loss.acked:
            reasons.append(f"no {role} was acknowledged: nothing could have been lost")
        elif loss.unreadable:
            reasons.append(f"{loss.unreadable} acknowledged {role}s could not be read back")
    return reasons
