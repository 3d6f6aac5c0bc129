"""The picture of a drill that never sent a probe: an empty plot that says so."""

from blackstart.reports.drawing.svg import rect, text

BLANK_PX = 150.0


def blank(*, left: float, right: float, top: float) -> str:
    """A frame in place of the plot."""
    middle = (left + right) / 2
    frame = rect(left, top, right - left, BLANK_PX - 20, fill="#f3f5f8", radius=6)
    words = text(middle, top + 60, "no probe was sent: there is nothing to show", css="v c")
    why = text(middle, top + 80, "without evidence a drill is inconclusive, never held", css="m c")
    return frame + words + why
