"""The timeline of one drill as an SVG picture: written by hand, no dependency, no script.

It stands alone (fixed white background, own id for its styles), so it can be attached, shown as an
image, or put into a page beside others.
"""

import hashlib
from collections.abc import Mapping

import numpy as np

from blackstart.measures.history import OUTCOMES, History
from blackstart.model.outcome import Outcome
from blackstart.reports.drawing.blank import BLANK_PX, blank
from blackstart.reports.drawing.footer import LINE_PX, footer, footer_lines
from blackstart.reports.drawing.header import header, title_of
from blackstart.reports.drawing.plot import plot
from blackstart.reports.drawing.scale import TimeScale
from blackstart.reports.drawing.story import story
from blackstart.reports.drawing.style import style
from blackstart.reports.drawing.svg import escape, number
from blackstart.reports.material import DrillMaterial

WIDTH = 1120.0
_LEFT, _RIGHT = 104.0, 1100.0


def timeline(material: DrillMaterial, *, scope: str = "") -> str:
    """The picture; a drill without a single probe gets an empty plot that says so.

    ``scope`` is the id of its svg element: a page that shows one drill twice must give it.
    """
    scope = scope or _scope(material)
    top = header(material, width=WIDTH)
    history = material.history
    if history is None or not len(history.probes):
        body, height = blank(left=20, right=_RIGHT, top=top.height), top.height + BLANK_PX
        return _framed(material, top.drawn + body, height, scope=scope, counts={})
    counts = _counts(history)
    body, height = _measured(material, history, counts, top.height)
    return _framed(material, top.drawn + body, height, scope=scope, counts=counts)


def _measured(
    material: DrillMaterial, history: History, counts: Mapping[Outcome, int], top: float
) -> tuple[str, float]:
    time = TimeScale(start_ns=history.start_ns, end_ns=history.end_ns, left=_LEFT, right=_RIGHT)
    shown = plot(material, history, time, counts=counts, top=top)
    lines = footer_lines(material, history, time, width=WIDTH - 40, unflagged=shown.unflagged)
    foot = footer(lines, right=_RIGHT, top=top + shown.height)
    return shown.drawn + foot, top + shown.height + len(lines) * LINE_PX + 14


def _counts(history: History) -> dict[Outcome, int]:
    counted = np.bincount(history.probes["outcome"], minlength=len(OUTCOMES))
    return {outcome: int(counted[index]) for index, outcome in enumerate(OUTCOMES)}


def _scope(material: DrillMaterial) -> str:
    return f"tl-{hashlib.sha256(f'{material.target}:{material.id}'.encode()).hexdigest()[:10]}"


def _framed(
    material: DrillMaterial,
    body: str,
    height: float,
    *,
    scope: str,
    counts: Mapping[Outcome, int],
) -> str:
    """The svg element: size, name, description, style, white ground."""
    size = f'width="{number(WIDTH)}" height="{number(height)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{scope}" {size} '
        f'viewBox="0 0 {number(WIDTH)} {number(height)}" fill="#17202b" role="img" '
        f'aria-labelledby="{scope}-t {scope}-d">'
        f'<title id="{scope}-t">{escape(title_of(material))}</title>'
        f'<desc id="{scope}-d">{escape(story(material, counts))}</desc>'
        f"{style(scope)}"
        f'<rect width="{number(WIDTH)}" height="{number(height)}" fill="#fff"/>{body}</svg>'
    )
