"""Fewer dots where there are too many for a picture; a failure is never left out."""

import numpy as np
from numpy.typing import NDArray

DOTS_MAX = 10_000


def worth_drawing(
    x: NDArray[np.float64], y: NDArray[np.float64], *, failed: bool, dots_max: int
) -> NDArray[np.intp]:
    """Which of an outcome's dots to draw, in order.

    Failures: one for each pixel that any of them falls on, so that each is under a dot. Others:
    the extremes of every column of pixels, so that the outline stays true, and an even sample.
    """
    if failed:
        return _one_a_pixel(x, y)
    if len(x) <= dots_max:
        return np.arange(len(x))
    even = np.linspace(0, len(x) - 1, dots_max // 2).astype(np.intp)
    return np.union1d(even, _extremes(x, y))


def _one_a_pixel(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
    pixels = np.rint(x).astype(np.int64) * 100_000 + np.rint(y).astype(np.int64)
    return np.sort(np.unique(pixels, return_index=True)[1])


def _extremes(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
    columns = np.rint(x).astype(np.int64)
    by_height = np.lexsort((y, columns))
    ends = np.flatnonzero(np.diff(columns[by_height]))
    lowest = by_height[np.r_[0, ends + 1]]
    highest = by_height[np.r_[ends, len(by_height) - 1]]
    return np.union1d(lowest, highest)
