"""The scorecard of a run, on the terminal and in logs."""

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.text import Text

from blackstart.model.result import RunResult
from blackstart.model.verdict import ProofVerdict, Verdict
from blackstart.reports.redact import redacted
from blackstart.reports.terminal_lines import (
    block,
    costs,
    details,
    headline,
    proof_details,
    summary,
)
from blackstart.reports.terminal_table import TABLE_FROM_COLUMNS, drill_table, proof_table

# For terminals that do not speak Unicode: what each sign becomes.
_ASCII = str.maketrans(
    {"✓": "+", "✕": "x", "·": "-", "±": "+/-", "–": "-", "−": "-", "→": "->", "…": "...", "×": "x"}
)


def print_scorecard(result: RunResult, console: Console) -> None:
    """Tables where there is room; otherwise, and in logs, plain lines that fit 80 columns."""
    result = redacted(result)
    in_tables = console.is_terminal and console.width >= TABLE_FROM_COLUMNS
    for part in _parts(result, console.width, in_tables=in_tables and _speaks_unicode(console)):
        _print(part, console)


def _speaks_unicode(console: Console) -> bool:
    return console.encoding.lower().startswith("utf")


def _print(part: RenderableType, console: Console) -> None:
    if isinstance(part, Text) and not _speaks_unicode(console):
        part = Text(part.plain.translate(_ASCII).encode("ascii", "replace").decode())
    console.print(part, soft_wrap=isinstance(part, Text), highlight=False)


def _parts(result: RunResult, width: int, *, in_tables: bool) -> Iterator[RenderableType]:
    yield headline(result)
    yield Text()
    yield from _drills(result, width, in_tables=in_tables)
    yield from _proofs(result, width, in_tables=in_tables)
    yield summary(result)
    yield costs(result)


def _drills(result: RunResult, width: int, *, in_tables: bool) -> Iterator[RenderableType]:
    if in_tables and result.drills:
        yield drill_table(result.drills)
    for drill in () if in_tables else result.drills:
        yield from block(drill, width)
    yield Text()
    for drill in result.drills:
        if drill.verdict is not Verdict.HELD:
            yield from details(drill, width)
            yield Text()


def _proofs(result: RunResult, width: int, *, in_tables: bool) -> Iterator[RenderableType]:
    if in_tables and result.proofs:
        yield proof_table(result.proofs)
    for proof in result.proofs:
        if not in_tables or proof.verdict is not ProofVerdict.PROVEN:
            yield from proof_details(proof, width)
    if result.proofs:
        yield Text()
