"""Answers outside their contract, once the time allowed for settling has passed."""

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.contracts import good, slow, too_old
from blackstart.measures.history import OUTCOMES, History, Probes, latency_s, select
from blackstart.measures.layout import Failure
from blackstart.measures.strikes import StrikeSpan
from blackstart.model.clock import NS_PER_S, seconds
from blackstart.model.findings import Finding, FindingCode
from blackstart.model.scenario import Contract

_BY_FAILURE = {
    Failure.BARE: FindingCode.BARE_500,
    Failure.NOT_CONNECTED: FindingCode.CONNECTION_FAILED,
    Failure.CUT_OFF: FindingCode.CONNECTION_FAILED,
    Failure.NO_ANSWER: FindingCode.HUNG_REQUEST,
}
_CODES = tuple(FindingCode)
_NUMBER = {code: number for number, code in enumerate(_CODES)}


def check(
    history: History, role: str, contract: Contract, spans: tuple[StrikeSpan, ...]
) -> list[Finding]:
    """One finding for each kind of broken promise of ``role``, with its count and first case."""
    if not spans:
        return []
    after = _settled(history.of(role), contract, spans)
    bad = select(after, ~good(after, contract))
    codes = _codes(bad, contract)
    return [
        _finding(role, _CODES[code], select(bad, codes == code), len(after), spans[0].called_ns)
        for code in _in_order(codes)
    ]


def _settled(probes: Probes, contract: Contract, spans: tuple[StrikeSpan, ...]) -> Probes:
    due_ns = probes["scheduled_ns"]
    judged = due_ns >= spans[0].called_ns
    for span in spans:
        settled_ns = span.completed_ns + int(contract.settle_s * NS_PER_S)
        judged &= ~((due_ns >= span.called_ns) & (due_ns < settled_ns))
    return select(probes, judged)


def _codes(bad: Probes, contract: Contract) -> NDArray[np.intp]:
    """For each bad answer the number of its code: how it failed says more than that it was late."""
    allowed = np.isin(bad["outcome"], [OUTCOMES.index(o) for o in contract.allowed])
    old_only = too_old(bad, contract) & ~slow(bad, contract)
    codes = np.where(old_only, _NUMBER[FindingCode.STALE_TOO_OLD], _NUMBER[FindingCode.TOO_SLOW])
    codes = np.where(allowed, codes, _NUMBER[FindingCode.OUTCOME_NOT_ALLOWED])
    for failure, code in _BY_FAILURE.items():
        codes[bad["failure"] == failure] = _NUMBER[code]
    return codes


def _in_order(codes: NDArray[np.intp]) -> list[int]:
    """The codes that occur, the one whose first case came first at the front."""
    found, first = np.unique(codes, return_index=True)
    return [int(code) for code in found[np.argsort(first)]]


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
