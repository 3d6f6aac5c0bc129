"""One line of the table: a truth, what was measured, and whether that is near enough."""

from typing import NamedTuple


class Row(NamedTuple):
    """``name``, ``truth`` and ``measured`` are in words, with units."""

    name: str
    truth: str
    measured: str
    passed: bool


def table(rows: list[Row]) -> str:
    """The rows as text, each with its pass line."""
    heading = Row("", "truth", "measured", passed=True)
    widths = [max(map(len, column)) for column in zip(*map(_words, [heading, *rows]), strict=True)]
    lines = [_line(heading, widths, "")]
    lines += [_line(row, widths, "pass" if row.passed else "FAIL") for row in rows]
    return "\n".join(lines)


def _line(row: Row, widths: list[int], verdict: str) -> str:
    cells = [word.ljust(width) for word, width in zip(_words(row), widths, strict=True)]
    return "  ".join([*cells, verdict]).rstrip()


def _words(row: Row) -> tuple[str, str, str]:
    return row.name, row.truth, row.measured
