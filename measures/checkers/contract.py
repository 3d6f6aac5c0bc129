"""Answers outside their contract, once the time allowed for settling has passed."""

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.contracts import good, slow, too_old
from blackstart.measures.history import OUTCOMES, History, Probes, latency_s
from blackstart.measures.layout import Failure
from blackstart.measures.strikes import StrikeSpan
from blackstart.model.clock import NS_PER_S, seconds
from blackstart.model.findings import Finding, FindingCode
from blackstart.model.outcome import Outcome
from blackstart.model.scenario import Contract

_BY_FAILURE = {
    Failure.BARE: FindingCode.BARE_500,
    Failure.NOT_CONNECTED: FindingCode.CONNECTION_FAILED,
    Failure.CUT_OFF: FindingCode.CONNECTION_FAILED,
    Failure.NO_ANSWER: FindingCode.HUNG_REQUEST,
}


def check(
    history: History, role: str, contract: Contract, spans: tuple[StrikeSpan, ...]
) -> list[Finding]:
    """One finding for each kind of broken promise of ``role``, with its count and first case."""
    if not spans:
        return []
    after = _settled(history.of(role), contract, spans)
    bad = np.compress(~good(after, contract), after)
    codes = _codes(bad, contract)
    return [
        _finding(role, code, np.compress(codes == code, bad), len(after), spans[0].called_ns)
        for code in dict.fromkeys(codes)
    ]


def _settled(probes: Probes, contract: Contract, spans: tuple[StrikeSpan, ...]) -> Probes:
    due_ns = probes["scheduled_ns"]
    judged = due_ns >= spans[0].called_ns
    for span in spans:
        settled_ns = span.completed_ns + int(contract.settle_s * NS_PER_S)
        judged &= ~((due_ns >= span.called_ns) & (due_ns < settled_ns))
    return np.compress(judged, probes)


def _codes(bad: Probes, contract: Contract) -> NDArray[np.object_]:
    is_slow, is_old = slow(bad, contract), too_old(bad, contract)
    named = [
        _code(OUTCOMES[probe["outcome"]], Failure(probe["failure"]), contract, late, old)
        for probe, late, old in zip(bad, is_slow, is_old, strict=True)
    ]
    return np.array(named, dtype=object)


def _code(
    outcome: Outcome, failure: Failure, contract: Contract, late: np.bool_, old: np.bool_
) -> FindingCode:
    if failure in _BY_FAILURE:
        return _BY_FAILURE[failure]
    if outcome not in contract.allowed:
        return FindingCode.OUTCOME_NOT_ALLOWED
    return FindingCode.STALE_TOO_OLD if old and not late else FindingCode.TOO_SLOW


def _finding(role: str, code: FindingCode, cases: Probes, of: int, from_ns: int) -> Finding:
    first = cases[0]
    status = f"status {first['status']}" if first["status"] else "no status"
    return Finding(
        code=code,
        detail=(
            f"{role}: {len(cases)} of {of} answers; first at "
            f"+{seconds(from_ns, int(first['scheduled_ns'])):.2f} s: "
            f"{OUTCOMES[first['outcome']]}, {status}, after {latency_s(cases[:1])[0]:.3f} s"
        ),
    )
