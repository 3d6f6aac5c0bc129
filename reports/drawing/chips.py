"""The three chips of the header: verdict, recovery against RTO, loss against RPO."""

from dataclasses import dataclass

from blackstart.model.result import DrillResult
from blackstart.reports.drawing.glyphs import verdict_glyph
from blackstart.reports.drawing.svg import rect, text
from blackstart.reports.drawing.text_width import fitted, text_width
from blackstart.reports.figures import (
    NOTHING,
    margin_text,
    measured_text,
    no_outage,
    not_recovered,
    objective_text,
    resolution_text,
)
from blackstart.reports.signs import VERDICT_SIGNS
from blackstart.reports.standing import Standing, margin_s, rpo_standing, rto_standing

CHIP_PX = 46.0
_INKS = {
    Standing.MET: ("#1f8a5b", "#167048"),
    Standing.MISSED: ("#c93636", "#b72c2c"),
    Standing.NOT_MEASURED: ("#8b98a5", "#55616e"),
}
_WIDTHS = (128.0, 222.0, 222.0)
_GAP = 10.0


@dataclass(frozen=True, kw_only=True)
class _Chip:
    name: str
    standing: Standing
    margin: str
    figure: str
    rest: str


def chips_width() -> float:
    """Pixels that all three take beside each other."""
    return sum(_WIDTHS) + _GAP * (len(_WIDTHS) - 1)


def chips(result: DrillResult, *, right: float, top: float) -> str:
    """All three, ending at ``right``."""
    x = right - chips_width()
    parts = [_verdict(result, x, top)]
    x += _WIDTHS[0] + _GAP
    for chip, width in ((_recovery(result), _WIDTHS[1]), (_loss(result), _WIDTHS[2])):
        parts.append(_objective(chip, x, top, width))
        x += width + _GAP
    return "".join(parts)


def _recovery(result: DrillResult) -> _Chip:
    figure, rest = measured_text(result.recovery_s), resolution_text(result.recovery_resolution_s)
    if not_recovered(result):
        figure, rest = "not recovered", ""
    elif no_outage(result):
        figure, rest = "no outage seen", rest.replace("±", "<") + " s" if rest else ""
    return _Chip(
        name=f"Recovery · RTO {objective_text(result.rto_s)}",
        standing=rto_standing(result),
        margin=_margin(result.rto_s, result.recovery_s),
        figure=figure,
        rest=rest,
    )


def _loss(result: DrillResult) -> _Chip:
    rows = f"{result.lost_writes or 0:,} of {result.acked:,}"
    figure, rest = measured_text(result.loss_s), f"{rows} acked writes"
    if result.lost_writes is None:
        figure, rest = NOTHING, ""
    elif not result.lost_writes:
        figure, rest = rows, "acked writes"
    return _Chip(
        name=f"Loss · RPO {objective_text(result.rpo_s)}",
        standing=rpo_standing(result),
        margin=_margin(result.rpo_s, result.loss_s),
        figure=figure,
        rest=rest,
    )


def _margin(objective_s: float | None, measured_s: float | None) -> str:
    left_s = margin_s(objective_s, measured_s)
    return f" {margin_text(left_s)}" if left_s is not None else ""


def _verdict(result: DrillResult, x: float, top: float) -> str:
    sign = VERDICT_SIGNS[result.verdict]
    parts = [
        _frame(x, top, _WIDTHS[0], sign.colour),
        text(x + 14, top + 17, "Verdict, waived" if result.waived else "Verdict", css="m k"),
        verdict_glyph(result.verdict, x + 20, top + 33, sign.ink),
        text(x + 32, top + 38, sign.word, css="v", fill=sign.ink),
    ]
    return "".join(parts)


def _objective(chip: _Chip, x: float, top: float, width: float) -> str:
    colour, ink = _INKS[chip.standing]
    used = 14 + text_width(chip.figure, 14, bold=True) + 8
    standing = chip.standing.value.upper() + (
        "" if chip.standing is Standing.NOT_MEASURED else chip.margin
    )
    parts = [
        _frame(x, top, width, colour),
        text(x + 14, top + 17, chip.name, css="m k"),
        text(x + width - 10, top + 17, standing, css="b e k", fill=ink),
        text(x + 14, top + 38, chip.figure, css="v"),
        text(x + width - 10, top + 38, fitted(chip.rest, width - used - 10, 11), css="m e k"),
    ]
    return "".join(parts)


def _frame(x: float, top: float, width: float, colour: str) -> str:
    return rect(x, top, width, CHIP_PX, fill="#f3f5f8", radius=5) + rect(
        x, top, 4, CHIP_PX, fill=colour, radius=2
    )
