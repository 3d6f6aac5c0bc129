"""What becomes of writes, by the script."""

from typing import NamedTuple

from blackstart.targets.calibration import wire
from blackstart.targets.calibration.script import Script


class Written(NamedTuple):
    """How often a write was stored, and what its client is told."""

    did: str
    times: int
    answer: bytes


_ENDS = {
    "good": (1, 201),
    "lose": (0, 201),
    "double": (2, 201),
    "refuse": (0, 409),
    "refuse_yet_write": (1, 409),
    "doubt_yet_write": (1, 504),
    "doubt": (0, 504),
}


class Store:
    """Keeps the numbers of writes, as often as the script has it."""

    def __init__(self, script: Script) -> None:
        self._deeds = script.writes
        self.rows: list[int] = list(script.strangers)

    def write(self, seq: int) -> Written:
        """Store write ``seq``, or lose it, or double it."""
        did = self._deeds.get(seq, "good")
        times, status = _ENDS[did]
        self.rows += [seq] * times
        return Written(did, times, wire.answer(status))
