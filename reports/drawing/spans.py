"""What lies over the whole plot: the fault, the way back, the measured recovery, the limit."""

from collections.abc import Iterator
from dataclasses import dataclass

from blackstart.model.clock import NS_PER_S, seconds
from blackstart.model.result import DrillResult
from blackstart.reports.drawing.placement import Flag, Placed, placed
from blackstart.reports.drawing.scale import TimeScale
from blackstart.reports.drawing.svg import escape, number, rect
from blackstart.reports.drawing.text_width import text_width
from blackstart.reports.figures import measured_text, objective_text
from blackstart.reports.moments import Band, Moments

ROW_PX = 16.0
_SIZE_PX = 12.0
_FAULT = ("#d64545", "#b72c2c")
_BACK = ("#e0a800", "#8a6100")
_NORMAL = ("#2b7bb9", "#2a6a9e")
_LIMIT_INK = "#1f6fa8"


@dataclass(frozen=True, kw_only=True)
class Span:
    """A shaded stretch, or with ``to_x`` equal to ``x`` a line, and its label above the plot."""

    x: float
    to_x: float
    label: str
    tint: str
    ink: str
    dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class Spans:
    """All of them, with the places of their labels."""

    spans: tuple[Span, ...]
    places: tuple[Placed, ...]

    @property
    def height(self) -> float:
        """Pixels that the rows of labels take above the plot."""
        return ROW_PX * (1 + max((place.row for place in self.places), default=-1))


def spans_of(moments: Moments, result: DrillResult, time: TimeScale) -> Spans:
    """What to shade and where the RTO ends."""
    spans = (*_faults(moments, time), *_recovering(moments, time), *_limit(moments, result, time))
    flags = [Flag(x=s.x, width=text_width(s.label, _SIZE_PX, bold=True)) for s in spans]
    return Spans(spans=spans, places=tuple(placed(flags, left=time.left, right=time.right)))


def _faults(moments: Moments, time: TimeScale) -> Iterator[Span]:
    for band in moments.faults:
        what = "fault active" if band.lifted else "damaged"
        lasted = measured_text(seconds(band.from_ns, band.to_ns))
        yield _span(band, f"{what} {lasted}", time, _FAULT)


def _recovering(moments: Moments, time: TimeScale) -> Iterator[Span]:
    """From the end of the last fault to good answers, then on to normal ones."""
    at_ns = moments.faults[-1].to_ns if moments.faults else 0
    if moments.back_ns is not None and moments.back_ns > at_ns > 0:
        yield _span(Band(from_ns=at_ns, to_ns=moments.back_ns), "recovering", time, _BACK)
        at_ns = moments.back_ns
    if moments.normal_ns is not None and moments.normal_ns > at_ns:
        yield _span(Band(from_ns=at_ns, to_ns=moments.normal_ns), "to normal", time, _NORMAL)


def _limit(moments: Moments, result: DrillResult, time: TimeScale) -> Iterator[Span]:
    if moments.struck_ns is None or result.rto_s is None:
        return
    at_ns = moments.struck_ns + int(result.rto_s * NS_PER_S)
    beyond = " →" if at_ns > moments.end_ns else ""
    x, label = time.x(at_ns), f"RTO {objective_text(result.rto_s)}{beyond}"
    yield Span(x=x, to_x=x, label=label, tint=_LIMIT_INK, ink=_LIMIT_INK, dashed=not beyond)


def _span(band: Band, label: str, time: TimeScale, look: tuple[str, str]) -> Span:
    tint, ink = look
    return Span(x=time.x(band.from_ns), to_x=time.x(band.to_ns), label=label, tint=tint, ink=ink)


def shading(spans: Spans, *, top: float, bottom: float) -> str:
    """The tinted stretches, to be drawn beneath everything."""
    parts = []
    for span, place in zip(spans.spans, spans.places, strict=True):
        upper = top - place.row * ROW_PX - ROW_PX + 3
        if span.to_x > span.x:
            width = max(span.to_x - span.x, 1.0)
            parts.append(rect(span.x, top, width, bottom - top, fill=span.tint, css="s"))
        if place.row or span.to_x > span.x:
            parts.append(_line(span.x, upper, top, span.tint, 'opacity=".45"'))
    return "".join(parts)


def labels(spans: Spans, *, top: float, bottom: float) -> str:
    """Dashed limits and all labels, to be drawn above everything."""
    parts = []
    for span, place in zip(spans.spans, spans.places, strict=True):
        baseline = top - place.row * ROW_PX - 4
        if span.dashed:
            dashes = 'stroke-width="1.5" stroke-dasharray="5 3.5"'
            parts.append(_line(span.x, baseline - 9, bottom, span.tint, dashes))
        edge = place.right if place.ends_at_pole else place.left
        end = " e" if place.ends_at_pole else ""
        parts.append(
            f'<text x="{number(edge)}" y="{number(baseline)}" class="b h{end}" '
            f'fill="{span.ink}">{escape(span.label)}</text>'
        )
    return "".join(parts)


def _line(x: float, top: float, bottom: float, stroke: str, more: str) -> str:
    return f'<path d="M{number(x)} {number(top)}V{number(bottom)}" stroke="{stroke}" {more}/>'
