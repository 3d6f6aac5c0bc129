"""The two measured figures, drawn to scale: time without good answers, and writes lost."""

from blackstart.model.clock import NS_PER_S, seconds
from blackstart.model.result import DrillResult
from blackstart.reports.drawing.scale import TimeScale
from blackstart.reports.drawing.svg import escape, number, rect, text
from blackstart.reports.drawing.text_width import text_width
from blackstart.reports.figures import (
    measured_text,
    no_outage,
    not_recovered,
    plain_s,
    recovery_text,
)
from blackstart.reports.moments import Moments

_SIZE_PX = 12.0
_LOSS = "#7a4fc4"
_LOSS_INK = "#6238ac"


def bracket(moments: Moments, result: DrillResult, time: TimeScale, y: float) -> str:
    """From the strike to the first good answer that lasted; an arrow if there was none."""
    if moments.struck_ns is None:
        return ""
    x, words = time.x(moments.struck_ns), recovery_text(result)
    if no_outage(result):
        return _word(words, x + 6, y, "b h", "#167048")
    if not_recovered(result):
        lasted = measured_text(seconds(moments.struck_ns, moments.end_ns))
        words = f"not good again for {lasted}"
        return _bar(x, time.right, y, "v-4l6 4l-6 4v-4") + _centred(words, x, time.right, time, y)
    if moments.back_ns is None:
        return ""
    to_x = max(time.x(moments.back_ns), x + 1)
    return _bar(x, to_x, y, "m0-5v10") + _centred(f"recovery {words}", x, to_x, time, y)


def loss_bar(moments: Moments, result: DrillResult, time: TimeScale, y: float) -> str:
    """From the oldest lost write to the strike."""
    if moments.struck_done_ns is None or not result.loss_s:
        return ""
    to_x = time.x(moments.struck_done_ns)
    x = min(time.x(moments.struck_done_ns - int(result.loss_s * NS_PER_S)), to_x - 1.5)
    writes = f" · {result.lost_writes:,} writes" if result.lost_writes else ""
    words = f"lost {plain_s(result.loss_s)} s{writes}"
    bar = rect(x, y - 5, to_x - x, 10, fill=_LOSS, radius=1)
    if x - text_width(words, _SIZE_PX, bold=True) - 8 > time.left:
        return bar + text(x - 6, y + 4, words, css="b h e", fill=_LOSS_INK)
    return bar + text(to_x + 6, y + 4, words, css="b h", fill=_LOSS_INK)


def _bar(x: float, to_x: float, y: float, ending: str) -> str:
    line = f"M{number(x)} {number(y - 5)}v10m0-5H{number(to_x)}{ending}"
    return f'<path d="{line}" fill="none" stroke="#17202b" stroke-width="1.5"/>'


def _centred(words: str, x: float, to_x: float, time: TimeScale, y: float) -> str:
    """Above the bar where it has room, else beside it."""
    width = text_width(words, _SIZE_PX, bold=True)
    if width + 24 < to_x - x:
        return _word(words, (x + to_x) / 2, y - 8, "b h c", "#17202b")
    if to_x + width + 8 < time.right:
        return _word(words, to_x + 7, y, "b h", "#17202b")
    return _word(words, x - 7, y, "b h e", "#17202b")


def _word(words: str, x: float, y: float, css: str, fill: str) -> str:
    place = f'x="{number(x)}" y="{number(y + 4)}"'
    return f'<text {place} class="{css}" fill="{fill}">{escape(words)}</text>'
