"""The script: what will go wrong, when and how, known before it happens.

One JSON object; every part may be left out::

    {"outages": [{"kind": "bare", "from_s": 0.5, "for_s": 0.2, "but": [[0.05, 0.08]]}],
     "writes": {"lose": [3, 9], "double": [5]}}

``from_s`` counts from ``POST /begin``, stretches in ``but`` from the outage's own beginning: what
arrives within them is answered well. An outage holds for whatever arrives from its first instant
up to, and without, its last. Writes are named by their numbers.
"""

import json
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

KINDS = ("refuse", "reset", "bare", "hang", "slow", "shed", "stale", "degraded")
DEEDS = ("lose", "double", "refuse", "refuse_yet_write", "doubt_yet_write", "doubt")


class ScriptError(ValueError):
    """The script cannot be carried out as it is written."""


@dataclass(frozen=True, kw_only=True)
class Outage:
    """One outage. ``delay_s`` is that of slow answers, ``retry_after_s`` is told by sheds.

    Refused connections know no exceptions (``but``): the listener is gone, or it is there.
    """

    kind: str
    from_s: float
    for_s: float
    but: tuple[tuple[float, float], ...] = ()
    delay_s: float = 0.5
    retry_after_s: int = 1

    @property
    def to_s(self) -> float:
        """When it is over, counted as ``from_s``."""
        return self.from_s + self.for_s

    def holds(self, at_s: float) -> bool:
        """Whether what arrives at ``at_s`` meets it."""
        inside = at_s - self.from_s
        excepted = any(first <= inside < last for first, last in self.but)
        return 0 <= inside < self.for_s and not excepted


@dataclass(frozen=True, kw_only=True)
class Script:
    """Outages in order; what becomes of writes by number; numbers stored that nobody sent."""

    outages: tuple[Outage, ...] = ()
    writes: dict[int, str]
    strangers: tuple[int, ...] = ()


def load(path: Path) -> Script:
    """The script in ``path``. Raises ``ScriptError`` saying what is wrong with it."""
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    deeds: dict[str, list[int]] = dict(told.get("writes", {}))
    strangers = tuple(deeds.pop("strangers", ()))
    outages = tuple(_outage(one) for one in told.get("outages", ()))
    _in_order(outages)
    return Script(outages=outages, writes=_by_number(deeds), strangers=strangers)


def _outage(told: dict[str, Any]) -> Outage:
    unknown = set(told) - {field.name for field in fields(Outage)}
    if unknown or told.get("kind") not in KINDS:
        raise ScriptError(f"no such outage: {told}; kinds: {', '.join(KINDS)}")
    but = tuple((float(first), float(last)) for first, last in told.get("but", ()))
    if but and told["kind"] == "refuse":
        raise ScriptError("an outage that refuses connections knows no 'but'")
    return Outage(**{**told, "but": but})


def _in_order(outages: tuple[Outage, ...]) -> None:
    for before, after in pairwise(outages):
        if after.from_s < before.to_s:
            raise ScriptError(f"the outage at {after.from_s:g} s begins before the last one ends")


def _by_number(deeds: dict[str, list[int]]) -> dict[int, str]:
    unknown = set(deeds) - set(DEEDS)
    if unknown:
        raise ScriptError(f"no such deed: {', '.join(sorted(unknown))}; deeds: {', '.join(DEEDS)}")
    return {seq: deed for deed, seqs in deeds.items() for seq in seqs}
