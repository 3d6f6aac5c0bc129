"""Event flags under the axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from blackstart.reports.drawing.events import Event
from blackstart.reports.drawing.placement import Flag, Placed, placed
from blackstart.reports.drawing.scale import TimeScale
from blackstart.reports.drawing.svg import escape, number
from blackstart.reports.drawing.text_width import fitted, text_width

ROW_PX = 16.0
_SIZE_PX = 11.5
_LABEL_PX_MAX = 230.0


@dataclass(frozen=True, kw_only=True)
class Flags:
    """Events with their places."""

    texts: tuple[str, ...]
    xs: tuple[float, ...]
    places: tuple[Placed, ...]

    @property
    def height(self) -> float:
        """Pixels that all rows take."""
        return ROW_PX * (1 + max((place.row for place in self.places), default=-1))


def laid_out(events: Sequence[Event], time: TimeScale, *, left: float) -> Flags:
    """A place for every event's label; those before the axis' start may reach out to ``left``."""
    texts = tuple(fitted(event.text, _LABEL_PX_MAX, _SIZE_PX) for event in events)
    xs = tuple(time.x(event.at_ns) for event in events)
    boxes = [Flag(x=x, width=text_width(t, _SIZE_PX)) for x, t in zip(xs, texts, strict=True)]
    return Flags(texts=texts, xs=xs, places=tuple(placed(boxes, left=left, right=time.right)))


def drawn(flags: Flags, *, axis_y: float, top: float) -> str:
    """A dot on the axis, a pole down to the label, the label beside the pole."""
    parts = []
    for text, x, place in zip(flags.texts, flags.xs, flags.places, strict=True):
        foot = top + place.row * ROW_PX + ROW_PX - 4
        edge = place.right if place.ends_at_pole else place.left
        end = " e" if place.ends_at_pole else ""
        parts.append(
            f'<path d="M{number(x)} {number(axis_y)}V{number(foot)}" stroke="#9aa5b1"/>'
            f'<circle cx="{number(x)}" cy="{number(axis_y)}" r="3"/>'
            f'<text x="{number(edge)}" y="{number(foot - 1)}" class="f{end}">{escape(text)}</text>'
        )
    return f"<g>{''.join(parts)}</g>"
