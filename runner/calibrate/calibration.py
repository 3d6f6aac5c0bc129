"""Records everything against the scripted target, then judges it with the real arithmetic."""

from collections.abc import Callable
from dataclasses import dataclass

from blackstart.runner.calibrate import losses, promptness, recoveries, scripts
from blackstart.runner.calibrate.recording import Recording
from blackstart.runner.calibrate.recoveries import Known
from blackstart.runner.calibrate.rig import RATE, Rig
from blackstart.runner.calibrate.row import Row
from blackstart.warden.client import Warden

_BATCH = 8
_TAIL_S = 0.1
Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How much is rehearsed: outages and their lengths; losses, each of forty writes."""

    outages: int = 36
    shortest_s: float = 0.05
    longest_s: float = 5.0
    losses: int = 10


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What was recorded; judged as often as one likes."""

    outages: tuple[Recording, ...]
    writes: Recording
    stopped: Recording

    def known(self) -> list[Known]:
        """Every outage, true and measured."""
        return [one for recording in self.outages for one in recoveries.known(recording)]

    def rows(self) -> list[Row]:
        """The pass lines of the arithmetic: none of them depends on the machine's mood."""
        outages = list(self.outages)
        return [
            *recoveries.rows(self.known()),
            *recoveries.classified(outages),
            *recoveries.ages(outages),
            *losses.rows(self.writes),
            *promptness.latency(self.stopped),
        ]

    def schedule(self) -> Row:
        """The pass line of the prober itself, on this machine, now."""
        return promptness.schedule([*self.outages, self.writes])


def record(extent: Extent, tell: Tell) -> Calibration:
    """Run one target and prober after another; every process ends with the warden."""
    with Warden() as warden:
        return Calibration(
            outages=tuple(_outages(warden, extent, tell)),
            writes=_writes(warden, extent.losses),
            stopped=_stopped(warden),
        )


def _outages(warden: Warden, extent: Extent, tell: Tell) -> list[Recording]:
    lengths = scripts.lengths_s(extent.outages, extent.shortest_s, extent.longest_s)
    batches = [
        scripts.plain(lengths[first : first + _BATCH], first)
        for first in range(0, len(lengths), _BATCH)
    ]
    recorded = []
    for script in [scripts.traps(), *batches]:
        tell(f"{len(script['outages'])} outages, {scripts.watched_s(script):.0f} s")
        with Rig(warden, script) as rig:
            recorded.append(rig.record("read", scripts.watched_s(script)))
    return recorded


def _writes(warden: Warden, slices: int) -> Recording:
    with Rig(warden, scripts.writes(slices)) as rig:
        return rig.record("write", slices * scripts.SLICE / RATE + _TAIL_S)


def _stopped(warden: Warden) -> Recording:
    with Rig(warden, {}) as rig:
        return rig.record("read", 1.0, stopped_s=promptness.STOPPED_S)
