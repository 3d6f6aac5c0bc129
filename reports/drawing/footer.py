"""Under the plot: how it was measured."""

from collections.abc import Iterator

from blackstart.measures.history import History
from blackstart.model.clock import seconds
from blackstart.reports.drawing.scale import TimeScale
from blackstart.reports.drawing.svg import text
from blackstart.reports.drawing.text_width import wrapped
from blackstart.reports.material import DrillMaterial

LINE_PX = 15.0
_SIZE_PX = 11.0


def footer_lines(
    material: DrillMaterial, history: History, time: TimeScale, *, width: float, unflagged: int
) -> list[str]:
    """Axis, latency, probes and clock; then tolerance, timings and what was left out."""
    unit = "minutes:seconds" if time.in_minutes else "seconds"
    first = (
        f"{unit} since the drill began",
        "latency from the scheduled instant, log scale",
        f"{len(history.probes):,} probes: {', '.join(_rates(history)) or 'none'}",
        "one monotonic clock",
    )
    lines = wrapped(" · ".join(first), width, _SIZE_PX, lines_max=2)
    second = " · ".join(_particulars(material, unflagged))
    return lines + wrapped(second, width, _SIZE_PX, lines_max=3)


def footer(lines: list[str], *, right: float, top: float) -> str:
    """The lines, ending at ``right``."""
    return "".join(
        text(right, top + (index + 1) * LINE_PX, line, css="m e k")
        for index, line in enumerate(lines)
    )


def _rates(history: History) -> Iterator[str]:
    lasted_s = seconds(history.start_ns, history.end_ns)
    for role in history.roles:
        asked = len(history.of(role))
        if asked and lasted_s > 0:
            rate = asked / lasted_s
            yield f"{role} {f'{rate:,.0f}' if rate >= 100 else f'{rate:.3g}'}/s"


def _particulars(material: DrillMaterial, unflagged: int) -> Iterator[str]:
    if material.strays:
        yield f"stray bad answers tolerated: {material.strays}"
    if material.settings:
        timings = ", ".join(f"{name} {value}" for name, value in material.settings.items())
        yield f"test timings: {timings}"
    if unflagged:
        yield f"{unflagged} more events are in the marks"
