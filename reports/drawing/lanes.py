"""A lane for each outcome: when answers of that kind came, and how many."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.history import OUTCOMES, Probes
from blackstart.model.outcome import Outcome
from blackstart.reports.drawing.glyphs import outcome_glyph
from blackstart.reports.drawing.scale import TimeScale
from blackstart.reports.drawing.svg import number, path, rect, text
from blackstart.reports.signs import OUTCOME_SIGNS

LANE_PX = 23.0
_BAR_PX = 15.0
_TICK_PX = 1.0  # the narrowest mark: one bad answer among thousands must still be seen
_JOIN_PX = 0.4
_QUIET_AFTER = 4  # probe spacings without a probe: nothing was asked, so nothing is shown


def lanes(probes: Probes, counts: Mapping[Outcome, int], time: TimeScale, top: float) -> str:
    """All six, best first, empty ones too: that there was no timeout is worth seeing."""
    starts, reach = probes["scheduled_ns"], _reach_ns(probes)
    parts = []
    for index, outcome in enumerate(OUTCOMES):
        middle = top + (index + 0.5) * LANE_PX
        of_this = probes["outcome"] == index
        runs = _runs(time.xs(starts[of_this]), time.xs((starts + reach)[of_this]))
        parts.append(_ground(outcome, time, middle))
        parts.append(_bars(outcome, runs, middle))
        parts.append(text(time.right - 5, middle + 4, f"{counts[outcome]:,}", css="b e h"))
    return "".join(parts)


def _ground(outcome: Outcome, time: TimeScale, middle: float) -> str:
    """The lane's sign, its word, and the strip that its bars lie on."""
    sign, top = OUTCOME_SIGNS[outcome], middle - _BAR_PX / 2
    strip = rect(time.left, top, time.right - time.left, _BAR_PX, fill="#5b6b7f", css="q")
    return (
        outcome_glyph(outcome, 26, middle) + text(38, middle + 4, sign.word, fill=sign.ink) + strip
    )


def _bars(outcome: Outcome, runs: Iterator[tuple[float, float]], middle: float) -> str:
    """One path for all bars of the lane."""
    bars = "".join(f"M{number(a)} {number(middle)}h{number(b - a)}" for a, b in runs)
    return path(bars, stroke=OUTCOME_SIGNS[outcome].colour, width=_BAR_PX) if bars else ""


def _reach_ns(probes: Probes) -> NDArray[np.int64]:
    """How long each probe speaks for: until the next one, but not through a silence."""
    gaps = np.diff(probes["scheduled_ns"])
    if not len(gaps):
        return np.zeros(len(probes), dtype=np.int64)
    usual = int(np.median(gaps))
    return np.asarray(np.minimum(np.r_[gaps, usual], usual * _QUIET_AFTER), dtype=np.int64)


def _runs(starts: NDArray[np.float64], ends: NDArray[np.float64]) -> Iterator[tuple[float, float]]:
    """Stretches that touch, as one; each wide enough to be seen."""
    if not len(starts):
        return
    ends = np.maximum.accumulate(np.maximum(ends, starts + _TICK_PX))
    breaks = np.flatnonzero(starts[1:] - ends[:-1] > _JOIN_PX)
    firsts, lasts = np.r_[0, breaks + 1], np.r_[breaks, len(starts) - 1]
    yield from zip(starts[firsts].tolist(), ends[lasts].tolist(), strict=True)
