"""The target's database connections, counted by the database itself."""

from blackstart.measures.history import History
from blackstart.measures.strikes import StrikeSpan
from blackstart.model.findings import Finding, FindingCode

BACKENDS = "postgres.backends"
BUSY = "postgres.backends.busy"


def check(history: History, span: StrikeSpan, *, limit: int, idle: int) -> list[Finding]:
    """Never more than ``limit``; when traffic has ended no more than the pool keeps ``idle``.

    The last count is taken after the last answer (while load goes on, overflow may rightly be in
    use).
    """
    series = history.samples.get(BACKENDS)
    if series is None or not len(series.value):
        return []
    during = series.value[series.at_ns >= span.called_ns]
    found = []
    if len(during) and during.max() > limit:
        detail = f"{during.max():.0f} connections, limit {limit}"
        found.append(Finding(code=FindingCode.POOL_OVERRUN, detail=detail))
    last = float(series.value[-1])
    if last > idle:
        detail = f"{last:.0f} connections held at the end, the pool keeps {idle}"
        found.append(Finding(code=FindingCode.CONNECTIONS_LEAKED, detail=detail))
    return found
