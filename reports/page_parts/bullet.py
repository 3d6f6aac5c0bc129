"""A bullet bar: the measured figure against its objective."""

from blackstart.reports.drawing.svg import escape, number
from blackstart.reports.standing import Standing

_WIDTH = 130.0
_HEIGHT = 20.0
_OBJECTIVE_AT = 0.8  # of the width, while the figure stays within a quarter over it
_COLOURS = {
    Standing.MET: "#1f8a5b",
    Standing.MISSED: "#c93636",
    Standing.NOT_MEASURED: "#aab3bd",
}


def bullet(
    measured_s: float | None, objective_s: float | None, standing: Standing, *, label: str
) -> str:
    """An inline picture with its meaning as a title; nothing measured is an empty bar.

    A figure that never came (not recovered) fills the whole bar.
    """
    filled, tick = _shares(measured_s, objective_s, standing)
    tick_x = number(tick * _WIDTH)
    return (
        f'<svg width="{number(_WIDTH)}" height="{number(_HEIGHT)}" role="img">'
        f"<title>{escape(label)}</title>"
        f'<rect y="6" width="{number(_WIDTH)}" height="8" rx="2" fill="#e3e8ed"/>'
        f'<rect y="6" width="{number(filled * _WIDTH)}" height="8" rx="2" '
        f'fill="{_COLOURS[standing]}"/>'
        f'<path d="M{tick_x} 2v16" stroke="#17202b" stroke-width="2"/></svg>'
    )


def _shares(
    measured_s: float | None, objective_s: float | None, standing: Standing
) -> tuple[float, float]:
    """How much of the bar is filled, and where the objective stands."""
    if measured_s is None or objective_s is None:
        return (1.0 if standing is Standing.MISSED else 0.0), _OBJECTIVE_AT
    scale_s = max(objective_s / _OBJECTIVE_AT, measured_s)
    if scale_s == 0:
        return 0.0, _OBJECTIVE_AT
    return max(measured_s / scale_s, 0.012), objective_s / scale_s
