"""The signs of outcomes and verdicts as shapes: no font has to know them."""

from blackstart.model.outcome import Outcome
from blackstart.model.verdict import Verdict
from blackstart.reports.drawing.svg import group, number
from blackstart.reports.signs import OUTCOME_SIGNS

_ROUND = '<circle r="4.2" fill="none" stroke="{c}" stroke-width="1.4"/>'
_SHAPES = {
    Outcome.OK: '<circle r="4.4" fill="{c}"/>',
    Outcome.STALE: _ROUND + '<path d="M0 0V-4.2A4.2 4.2 0 0 1 4.2 0z" fill="{c}"/>',
    Outcome.DEGRADED: _ROUND + '<path d="M0-4.2A4.2 4.2 0 0 0 0 4.2z" fill="{c}"/>',
    Outcome.SHED: '<path d="M0-5L5 0L0 5L-5 0z" fill="none" stroke="{c}" stroke-width="1.4"/>',
    Outcome.ERROR: '<path d="M-3.8-3.8L3.8 3.8M3.8-3.8L-3.8 3.8" stroke="{c}" stroke-width="2"/>',
    Outcome.TIMEOUT: '<path d="M0-4.8L4.8 4.2H-4.8z" fill="{c}"/>',
}
_VERDICTS = {
    Verdict.HELD: "M-5 .5L-1.5 4L5-4",
    Verdict.BREACHED: "M-4-4L4 4M4-4L-4 4",
    Verdict.INCONCLUSIVE: "M-3-2.6A3 2.7 0 1 1 1 -.2Q0 .2 0 1.4M0 5v.2",
}


def outcome_glyph(outcome: Outcome, x: float, y: float) -> str:
    """The sign of an outcome around ``(x, y)``, about 10 px."""
    drawn = _SHAPES[outcome].format(c=OUTCOME_SIGNS[outcome].colour)
    return group(drawn, attributes=f'transform="translate({number(x)} {number(y)})"')


def verdict_glyph(verdict: Verdict, x: float, y: float, colour: str) -> str:
    """The sign of a verdict around ``(x, y)``, about 10 px."""
    return (
        f'<path transform="translate({number(x)} {number(y)})" d="{_VERDICTS[verdict]}" '
        f'fill="none" stroke="{colour}" stroke-width="2.2" stroke-linecap="round"/>'
    )
