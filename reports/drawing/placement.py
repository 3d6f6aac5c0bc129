"""Labels on flags, placed in rows so that no label touches another or the pole of another.

Flags that stand close form a cluster. In each, those left of a split carry their label on the
left, the others on the right: both halves step down away from the split, and cannot meet. The
split that needs the fewest rows is taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_GAP_PX = 4.0
_AIR_PX = 6.0


@dataclass(frozen=True, kw_only=True)
class Flag:
    """A pole at ``x`` with a label ``width`` wide, at most half as wide as there is room."""

    x: float
    width: float


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where a label ended up: its row, the sides of its box, and whether it ends at its pole."""

    row: int
    left: float
    right: float
    ends_at_pole: bool


def placed(flags: Sequence[Flag], *, left: float, right: float) -> list[Placed]:
    """A place for each flag, in the order given; row 0 is nearest to the axis."""
    order = sorted(range(len(flags)), key=lambda index: flags[index].x)
    places: list[Placed] = []
    for cluster in _clusters([flags[index] for index in order]):
        places += _best(cluster, left, right)
    by_index = dict(zip(order, places, strict=True))
    return [by_index[index] for index in range(len(flags))]


def _clusters(flags: list[Flag]) -> Iterator[list[Flag]]:
    """Flags whose labels might meet, on whichever side each is put."""
    first, reach = 0, float("-inf")
    for index, flag in enumerate(flags):
        nearest = min(later.x - later.width for later in flags[index:])
        if index > first and nearest - 2 * _GAP_PX - _AIR_PX > reach:
            yield flags[first:index]
            first = index
        reach = max(reach, flag.x + flag.width)
    if flags:
        yield flags[first:]


def _best(cluster: list[Flag], left: float, right: float) -> list[Placed]:
    """The split with nothing out of bounds, then the fewest rows, then the most on the right."""
    splits = [_split(cluster, at) for at in range(len(cluster) + 1)]
    return min(splits, key=lambda places: _cost(places, left, right))


def _split(cluster: list[Flag], at: int) -> list[Placed]:
    before: list[Placed] = []
    for flag in cluster[:at]:
        before.append(_first_fit(flag, before, ends_at_pole=True))
    after: list[Placed] = []
    for flag in reversed(cluster[at:]):
        after.append(_first_fit(flag, after, ends_at_pole=False))
    return [*before, *reversed(after)]


def _first_fit(flag: Flag, outer: list[Placed], *, ends_at_pole: bool) -> Placed:
    """Below every label of its half that it reaches, and so below their poles, too.

    A pole stands within ``_AIR_PX`` of its own label: who clears the one clears the other.
    """
    start = flag.x - _GAP_PX - flag.width if ends_at_pole else flag.x + _GAP_PX
    end = start + flag.width
    reached = [p.row for p in outer if start < p.right + _AIR_PX and p.left < end + _AIR_PX]
    row = max(reached, default=-1) + 1
    return Placed(row=row, left=start, right=end, ends_at_pole=ends_at_pole)


def _cost(places: list[Placed], left: float, right: float) -> tuple[float, int, int, int]:
    outside = sum(max(0.0, left - p.left) + max(0.0, p.right - right) for p in places)
    rows = [place.row for place in places]
    return outside, max(rows), sum(rows), sum(place.ends_at_pole for place in places)
