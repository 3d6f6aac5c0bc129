"""Whether anybody had to sign in again."""

from blackstart.measures.history import History, MarkKind
from blackstart.measures.strikes import StrikeSpan
from blackstart.model.clock import seconds
from blackstart.model.findings import Finding, FindingCode


def check(history: History, span: StrikeSpan) -> list[Finding]:
    """No refresh may be refused: a silent new sign-in counts as a forced logout."""
    logouts = [m for m in history.all(MarkKind.LOGOUT) if m.at_ns >= span.called_ns]
    if not logouts:
        return []
    users = {m.data.get("user") for m in logouts}
    detail = (
        f"{len(logouts)} forced logouts of {len(users)} users, first at "
        f"+{seconds(span.called_ns, logouts[0].at_ns):.2f} s"
    )
    return [Finding(code=FindingCode.FORCED_LOGOUT, detail=detail)]
