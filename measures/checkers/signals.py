"""Warnings that the target promised to give."""

from blackstart.measures.history import History, Mark, MarkKind
from blackstart.measures.strikes import StrikeSpan
from blackstart.model.clock import seconds
from blackstart.model.findings import Finding, FindingCode


def given(history: History, signal: str, span: StrikeSpan) -> Mark | None:
    """The first log line that carries ``signal`` after the strike was called."""
    marks = history.all(MarkKind.SIGNAL)
    named = (m for m in marks if m.data.get("signal") == signal and m.at_ns >= span.called_ns)
    return next(named, None)


def check(history: History, signal: str, within_s: float, span: StrikeSpan) -> list[Finding]:
    """The warning must come within ``within_s`` of the strike."""
    mark = given(history, signal, span)
    if mark is not None and seconds(span.called_ns, mark.at_ns) <= within_s:
        return []
    came = "never" if mark is None else f"after {seconds(span.called_ns, mark.at_ns):.2f} s"
    detail = f"{signal}: came {came}, promised within {within_s:g} s"
    return [Finding(code=FindingCode.WARNING_SILENT, detail=detail)]
