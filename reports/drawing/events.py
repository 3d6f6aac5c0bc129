"""Which moments of a drill deserve a flag, and what it says."""

from collections.abc import Iterator
from dataclasses import dataclass

from blackstart.measures.history import History, MarkKind
from blackstart.model.clock import seconds
from blackstart.reports.figures import plain_s
from blackstart.reports.moments import Moments

EVENTS_MAX = 10

_RANK = {
    MarkKind.STRIKE_CALLED: 0,
    MarkKind.RECOVERED: 2,
    MarkKind.LIFTED: 3,
    MarkKind.RECOVERY_CALLED: 5,
    MarkKind.SIGNAL: 6,
    MarkKind.BURST: 7,
    MarkKind.LOAD: 8,
    MarkKind.LOGOUT: 9,
    MarkKind.NOTE: 10,
}
_BACK_RANK, _NORMAL_RANK = 1, 4
_NAMED = {MarkKind.RECOVERY_CALLED: "begin: ", MarkKind.LOGOUT: "logout: "}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One moment: when, what to write, and how much it matters (0 most)."""

    at_ns: int
    text: str
    rank: int


def events(history: History, moments: Moments) -> tuple[list[Event], int]:
    """The moments that matter most, in order of time, and how many were left out."""
    found = [*_marked(history, moments), *_measured(moments)]
    kept = sorted(found, key=lambda event: (event.rank, event.at_ns))[:EVENTS_MAX]
    return sorted(kept, key=lambda event: event.at_ns), len(found) - len(kept)


def _marked(history: History, moments: Moments) -> Iterator[Event]:
    """What the marks tell; the same again and again is told once, with its count."""
    times: dict[tuple[MarkKind, str], list[int]] = {}
    for mark in history.marks:
        if mark.kind in _RANK:
            times.setdefault((mark.kind, mark.text), []).append(mark.at_ns)
    for (kind, text), at_ns in times.items():
        again = f" ×{len(at_ns)}" if len(at_ns) > 1 else ""
        said = f"{_NAMED.get(kind, '')}{text or kind.value}{again}"
        yield Event(at_ns=at_ns[0], text=said + _since(moments, at_ns[0]), rank=_RANK[kind])


def _measured(moments: Moments) -> Iterator[Event]:
    """What the checkers concluded."""
    if moments.back_ns is not None and moments.back_ns != moments.struck_ns:
        text = "good again" + _since(moments, moments.back_ns)
        yield Event(at_ns=moments.back_ns, text=text, rank=_BACK_RANK)
    if moments.normal_ns is not None:
        text = "as normal" + _since(moments, moments.normal_ns)
        yield Event(at_ns=moments.normal_ns, text=text, rank=_NORMAL_RANK)


def _since(moments: Moments, at_ns: int) -> str:
    if moments.struck_ns is None or at_ns <= moments.struck_ns:
        return ""
    return f" +{plain_s(seconds(moments.struck_ns, at_ns))}"
