"""Every probe as a dot: when it was due, how long it took, how it ended."""

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.history import OUTCOMES, Probes, latency_s
from blackstart.model.outcome import Outcome
from blackstart.reports.drawing.decimation import DOTS_MAX, worth_drawing
from blackstart.reports.drawing.scale import LatencyScale, TimeScale
from blackstart.reports.signs import OUTCOME_SIGNS

_FAILED = {Outcome.ERROR, Outcome.TIMEOUT}
_DIAMETER_TENTHS = 28


def dots(probes: Probes, time: TimeScale, latency: LatencyScale) -> str:
    """One path per outcome, failures on top; in tenths of a pixel, to be scaled down."""
    x, y = time.xs(probes["scheduled_ns"]), latency.ys(latency_s(probes))
    crowded = len(probes) > DOTS_MAX
    paths = []
    for index, outcome in enumerate(OUTCOMES):
        of_this = np.flatnonzero(probes["outcome"] == index)
        if not len(of_this):
            continue
        if crowded:
            share = DOTS_MAX * len(of_this) // len(probes)
            kept = worth_drawing(
                x[of_this], y[of_this], failed=outcome in _FAILED, dots_max=max(share, 100)
            )
            of_this = of_this[kept]
        paths.append(_path(outcome, x[of_this], y[of_this]))
    return f'<g transform="scale(.1)" class="d">{"".join(paths)}</g>'


def _path(outcome: Outcome, x: NDArray[np.float64], y: NDArray[np.float64]) -> str:
    """Zero-length strokes with round caps, each relative to the last: the shortest way."""
    across, down = _steps(x), _steps(y)
    moves = "".join(
        f"m{dx}{dy if dy < 0 else f' {dy}'}h0" for dx, dy in zip(across, down, strict=True)
    )
    opacity = ".5" if outcome is Outcome.OK else ".75"
    return (
        f'<path data-outcome="{outcome.value}" d="M0 0{moves}" opacity="{opacity}" '
        f'stroke="{OUTCOME_SIGNS[outcome].colour}" stroke-width="{_DIAMETER_TENTHS}"/>'
    )


def _steps(at: NDArray[np.float64]) -> list[int]:
    steps: list[int] = np.diff(np.rint(at * 10).astype(np.int64), prepend=0).tolist()
    return steps
