"""Whether a burst of readers on a cold cache made each of them do the work."""

import numpy as np

from blackstart.measures.history import History, Mark, MarkKind, Series
from blackstart.model.clock import NS_PER_S
from blackstart.model.findings import Finding, FindingCode

TRANSACTIONS = "postgres.transactions"
_AFTER_S = 2.5


def check(history: History, share_max: float) -> list[Finding]:
    """Transactions that a burst cost beyond the usual rate, at most ``share_max`` a reader."""
    series = history.samples.get(TRANSACTIONS)
    if series is None or len(series.value) < 2:
        return []
    return [f for burst in history.all(MarkKind.BURST) for f in _check(series, burst, share_max)]


def _check(series: Series, burst: Mark, share_max: float) -> list[Finding]:
    requests = int(str(burst.data["requests"]))
    cost = _between(series, burst.at_ns, burst.at_ns + int(_AFTER_S * NS_PER_S))
    usual = _usual_rate(series, burst.at_ns) * _AFTER_S
    extra = max(0.0, cost - usual)
    if extra <= share_max * requests:
        return []
    detail = (
        f"{requests} readers at once cost {extra:.0f} transactions beyond the usual "
        f"{usual:.0f}, allowed {share_max * requests:.0f}"
    )
    return [Finding(code=FindingCode.STAMPEDE, detail=detail)]


def _between(series: Series, from_ns: int, to_ns: int) -> float:
    """Growth of a counter; sessions report theirs up to a second late, so ends are generous."""
    value = np.interp([from_ns, to_ns], series.at_ns, series.value)
    return float(value[1] - value[0])


def _usual_rate(series: Series, before_ns: int) -> float:
    first_ns = int(series.at_ns[0])
    return _between(series, first_ns, before_ns) / max((before_ns - first_ns) / NS_PER_S, 1e-9)
