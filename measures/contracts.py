"""Which answers are good: those that their role's degradation contract allows."""

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.history import OUTCOMES, Probes, latency_s, lateness_s, outcome_is
from blackstart.model.outcome import Outcome
from blackstart.model.scenario import Contract


def slow(probes: Probes, contract: Contract) -> NDArray[np.bool_]:
    """Answers later than the contract's cap; refusals have one of their own.

    Judged from the instant of sending: requests leave independently of each other, so what passed
    between schedule and sending is the prober's own lag, which is never the target's fault.
    """
    latency = latency_s(probes) - lateness_s(probes)
    shed = outcome_is(probes, (Outcome.SHED,))
    shed_cap_s = contract.cap_s if contract.shed_cap_s is None else contract.shed_cap_s
    return np.asarray(np.where(shed, latency > shed_cap_s, latency > contract.cap_s))


def too_old(probes: Probes, contract: Contract) -> NDArray[np.bool_]:
    """Stale answers older than the contract allows."""
    if contract.max_stale_s is None:
        return np.zeros(len(probes), dtype=np.bool_)
    return np.asarray(probes["age_s"] > contract.max_stale_s)


def good(probes: Probes, contract: Contract) -> NDArray[np.bool_]:
    """Answers of an allowed outcome, in time, and not too old."""
    allowed = np.isin(probes["outcome"], [OUTCOMES.index(o) for o in contract.allowed])
    return np.asarray(allowed & ~slow(probes, contract) & ~too_old(probes, contract))
