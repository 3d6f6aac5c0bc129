"""The share of each outcome over time, stacked: the worst on top."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.history import OUTCOMES, Probes
from blackstart.reports.drawing.scale import TimeScale
from blackstart.reports.drawing.svg import number, rect, shape, text
from blackstart.reports.signs import OUTCOME_SIGNS

SHARES_PX = 56.0
_BINS_MAX = 120
_PROBES_A_BIN = 6  # fewer, and the strip shows chance


def shares(probes: Probes, time: TimeScale, top: float) -> str:
    """The strip, with its labels."""
    bottom = top + SHARES_PX
    below = _cumulated(probes, time)
    edges = np.linspace(time.left, time.right, below.shape[1] + 1)
    parts = [rect(time.left, top, time.right - time.left, SHARES_PX, fill="#5b6b7f", css="q")]
    for index, outcome in enumerate(OUTCOMES):
        outline = _outline(edges, below[index], below[index + 1], bottom)
        parts.append(shape(outline, fill=OUTCOME_SIGNS[outcome].colour) if outline else "")
    for share, name in ((1.0, "100 %"), (0.5, "share"), (0.0, "0 %")):
        baseline = bottom - share * (SHARES_PX - 9)
        parts.append(text(time.left - 8, baseline, name, css="m e"))
    return "".join(parts)


def _cumulated(probes: Probes, time: TimeScale) -> NDArray[np.float64]:
    """Per bin, the share of all outcomes below each: a row more than there are outcomes."""
    bins = int(np.clip(len(probes) // _PROBES_A_BIN, 1, _BINS_MAX))
    share = (time.xs(probes["scheduled_ns"]) - time.left) / (time.right - time.left)
    column = np.minimum((share * bins).astype(np.intp), bins - 1)
    counts = np.zeros((len(OUTCOMES) + 1, bins))
    np.add.at(counts, (probes["outcome"].astype(np.intp) + 1, column), 1)
    totals = counts.sum(axis=0)
    cumulated = np.cumsum(counts, axis=0) / np.where(totals, totals, 1)
    return np.asarray(cumulated, dtype=np.float64)


def _outline(
    edges: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    bottom: float,
) -> str:
    """Boxes of one outcome; neighbours of equal height become one."""
    changes = np.flatnonzero((np.diff(low) != 0) | (np.diff(high) != 0)) + 1
    bounds = [0, *changes.tolist(), len(low)]
    boxes = []
    for first, after in pairwise(bounds):
        height = (high[first] - low[first]) * SHARES_PX
        if height > 0:
            x, y = edges[first], bottom - high[first] * SHARES_PX
            width = edges[after] - x
            boxes.append(
                f"M{number(x)} {number(y)}h{number(width)}v{number(height)}h{number(-width)}z"
            )
    return "".join(boxes)
