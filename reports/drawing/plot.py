"""The plot itself: all that stands between header and footer, from top to bottom."""

from collections.abc import Mapping
from dataclasses import dataclass

from blackstart.measures.history import History, latency_s
from blackstart.model.outcome import Outcome
from blackstart.reports.drawing.dots import dots
from blackstart.reports.drawing.events import events
from blackstart.reports.drawing.flags import drawn, laid_out
from blackstart.reports.drawing.lanes import LANE_PX, lanes
from blackstart.reports.drawing.measured import bracket, loss_bar
from blackstart.reports.drawing.scale import LatencyScale, TimeScale, latency_scale
from blackstart.reports.drawing.shares import SHARES_PX, shares
from blackstart.reports.drawing.spans import labels, shading, spans_of
from blackstart.reports.drawing.svg import number, text
from blackstart.reports.material import DrillMaterial
from blackstart.reports.moments import moments_of

_DOTS_PX = 190.0
_BRACKET_PX = 26.0
_LOSS_PX = 20.0


@dataclass(frozen=True, kw_only=True)
class Plot:
    """Drawn, with the pixels that it takes and the events that found no place."""

    drawn: str
    height: float
    unflagged: int


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """Where each part of the plot begins."""

    plot: float  # under the labels of the shaded stretches

    @property
    def bracket(self) -> float:
        return self.plot + _BRACKET_PX - 8

    @property
    def dots(self) -> float:
        return self.plot + _BRACKET_PX + 4

    @property
    def loss(self) -> float:
        return self.dots + _DOTS_PX + _LOSS_PX / 2

    @property
    def lanes(self) -> float:
        return self.dots + _DOTS_PX + _LOSS_PX + 6

    @property
    def shares(self) -> float:
        return self.lanes + len(Outcome) * LANE_PX + 10

    @property
    def axis(self) -> float:
        return self.shares + SHARES_PX

    @property
    def flags(self) -> float:
        return self.axis + 18


def plot(
    material: DrillMaterial,
    history: History,
    time: TimeScale,
    *,
    counts: Mapping[Outcome, int],
    top: float,
) -> Plot:
    """Shading beneath, then dots, lanes and shares, then figures, limits and flags."""
    result, probes = material.result, history.probes
    moments = moments_of(history, result, material.scenario, material.variant)
    spans = spans_of(moments, result, time)
    rows = _Rows(plot=top + spans.height)
    latency = latency_scale(latency_s(probes), top=rows.dots, bottom=rows.dots + _DOTS_PX)
    shown, unflagged = events(history, moments)
    flags = laid_out(shown, time, left=20)
    parts = (
        shading(spans, top=rows.plot, bottom=rows.axis),
        _grid(time, latency, rows),
        dots(probes, time, latency),
        lanes(probes, counts, time, rows.lanes),
        shares(probes, time, rows.shares),
        bracket(moments, result, time, rows.bracket),
        loss_bar(moments, result, time, rows.loss),
        labels(spans, top=rows.plot, bottom=rows.axis),
        drawn(flags, axis_y=rows.axis, top=rows.flags),
        *(text(x, rows.axis + 15, label, css="m c h") for x, label in time.ticks()),
    )
    height = rows.flags + flags.height - top + 8
    return Plot(drawn="".join(parts), height=height, unflagged=unflagged)


def _grid(time: TimeScale, latency: LatencyScale, rows: _Rows) -> str:
    """Hair lines for the ticks of both axes, and the labels of the vertical one."""
    lines, words = [], []
    for x, _ in time.ticks():
        lines.append(f"M{number(x)} {number(rows.dots)}V{number(rows.lanes - 6)}")
    for y, label in latency.ticks():
        lines.append(f"M{number(time.left)} {number(y)}H{number(time.right)}")
        words.append(text(time.left - 8, y + 4, label, css="m e"))
    return f'<path d="{"".join(lines)}" stroke="#17202b" opacity=".09"/>' + "".join(words)
