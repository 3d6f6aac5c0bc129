"""From time and latency to pixels, and where the ticks stand."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blackstart.model.clock import NS_PER_S

_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 43200)
_TICKS_MAX = 9
_MINUTES_FROM_S = 600  # longer drills read better in minutes and seconds


@dataclass(frozen=True, kw_only=True)
class TimeScale:
    """Instants on the horizontal axis, from the start of the drill."""

    start_ns: int
    end_ns: int
    left: float
    right: float

    @property
    def span_ns(self) -> int:
        """What the axis shows; never nothing."""
        return max(self.end_ns - self.start_ns, NS_PER_S // 10)

    @property
    def in_minutes(self) -> bool:
        """Whether ticks read ``5:00`` rather than ``300``."""
        return self.span_ns > _MINUTES_FROM_S * NS_PER_S

    def x(self, at_ns: int) -> float:
        """Where an instant stands, kept inside the axis."""
        share = (at_ns - self.start_ns) / self.span_ns
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def xs(self, at_ns: NDArray[np.int64]) -> NDArray[np.float64]:
        """Where many instants stand, kept inside the axis."""
        share = np.clip((at_ns - self.start_ns) / self.span_ns, 0.0, 1.0)
        return np.asarray(self.left + share * (self.right - self.left), dtype=np.float64)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Round instants, their place and how they read."""
        span_s = self.span_ns / NS_PER_S
        step_s = next((s for s in _STEPS_S if span_s / s <= _TICKS_MAX), _STEPS_S[-1])
        for index in range(int(span_s / step_s + 1e-9) + 1):
            at_s = index * step_s
            yield self.x(self.start_ns + int(at_s * NS_PER_S)), self._label(at_s)

    def _label(self, at_s: float) -> str:
        if self.in_minutes:
            return f"{int(at_s) // 60}:{int(at_s) % 60:02d}"
        return f"{at_s:.1f}".removesuffix(".0")


@dataclass(frozen=True, kw_only=True)
class LatencyScale:
    """Seconds on a logarithmic vertical axis, the slow ones on top."""

    low_s: float
    high_s: float
    top: float
    bottom: float

    def ys(self, latency_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where many latencies stand, kept inside the axis."""
        inside = np.clip(latency_s, self.low_s, self.high_s)
        share = np.log(inside / self.low_s) / math.log(self.high_s / self.low_s)
        return np.asarray(self.bottom - share * (self.bottom - self.top), dtype=np.float64)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """The powers of ten inside the axis."""
        first, last = math.ceil(math.log10(self.low_s)), math.floor(math.log10(self.high_s))
        for power in range(first, last + 1):
            y = float(self.ys(np.array([10.0**power]))[0])
            yield y, f"{10**power} s" if power >= 0 else _below_one(power)


def latency_scale(latency_s: NDArray[np.float64], *, top: float, bottom: float) -> LatencyScale:
    """An axis that holds every latency, with a little air, and at least one power of ten."""
    seen = np.maximum(latency_s, 1e-5) if len(latency_s) else np.array([1e-3, 1e-1])
    low, high = math.log10(float(seen.min())) - 0.12, math.log10(float(seen.max())) + 0.08
    if math.floor(high) < math.ceil(low):
        low = math.floor(low)
    return LatencyScale(low_s=10**low, high_s=10**high, top=top, bottom=bottom)


def _below_one(power: int) -> str:
    return f"{10 ** (power + 3)} ms" if power >= -3 else f"{10 ** (power + 6)} µs"
