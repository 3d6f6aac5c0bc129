"""Which outages and writes are rehearsed: every kind, short and long, with traps among them."""

from typing import Any

Script = dict[str, Any]

LUCKY = (0.35, 0.42)
"""Seven good answers in the middle of an outage: fewer than recovery takes."""
KINDS = ("bare", "refuse", "hang", "shed", "stale", "slow", "reset", "degraded")
STEADY_S = 0.5
_GAP_S = 0.3
_SHORT_GAP_S = 0.06
SLICE = 40
STRANGERS = (1_000_000, 1_000_001)
_DEEDS = {
    "lose": (3, 17, 29),
    "double": (5, 11),
    "refuse": (7,),
    "refuse_yet_write": (13,),
    "doubt_yet_write": (19,),
    "doubt": (23, 31),
}


def lengths_s(outages: int, shortest_s: float, longest_s: float) -> list[float]:
    """Lengths that grow evenly by factor, and don't fall in with the prober's interval."""
    if outages == 1:
        return [shortest_s]
    factor = (longest_s / shortest_s) ** (1 / (outages - 1))
    return [round(shortest_s * factor**n, 4) for n in range(outages)]


def plain(lengths: list[float], first: int = 0) -> Script:
    """Outages of ``lengths``, one of each kind in turn, with time between them to be proven over.

    ``first`` is the number of the first, by which its kind is chosen.
    """
    outages, from_s = [], STEADY_S
    for number, for_s in enumerate(lengths, start=first):
        # No step of the prober's hundredth of a second: every phase of it is met.
        outages.append(_outage(KINDS[number % len(KINDS)], from_s, for_s))
        from_s = round(from_s + for_s + _GAP_S + 0.0037 * (number % 3), 4)
    return {"outages": outages}


def traps() -> Script:
    """Lucky answers within, a relapse near the end, and an end too short to prove anything."""
    lucky = {**_outage("bare", STEADY_S, 0.8), "but": [LUCKY]}
    relapse = {**_outage("bare", 1.6, 1.0), "but": [(0.3, 0.976)]}
    unproven = _outage("shed", 2.9, 0.2)
    last = _outage("bare", 2.9 + 0.2 + _SHORT_GAP_S, 0.2)
    return {"outages": [lucky, relapse, unproven, last]}


def _outage(kind: str, from_s: float, for_s: float) -> dict[str, Any]:
    return {"kind": kind, "from_s": from_s, "for_s": for_s}


def writes(slices: int) -> Script:
    """Writes lost, doubled, refused, in doubt: the same in each slice of forty."""
    bases = [SLICE * n for n in range(slices)]
    deeds = {deed: [base + n for base in bases for n in ns] for deed, ns in _DEEDS.items()}
    return {"writes": {**deeds, "strangers": list(STRANGERS)}}


def watched_s(script: Script) -> float:
    """How long to watch, from the script's beginning until its last outage is proven over."""
    last = script["outages"][-1]
    return float(last["from_s"] + last["for_s"] + _GAP_S)
