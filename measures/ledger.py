"""Every write that our client tried and how it ended; columns over dense numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.history import ENDINGS, Probes
from blackstart.model.clock import NS_PER_S
from blackstart.model.outcome import Ending

_ACKED, _REFUSED = ENDINGS.index(Ending.ACKED), ENDINGS.index(Ending.REFUSED)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Writes 0 … n-1 of one role: ``ending`` (index into ENDINGS) and when it ended (ns).

    A write without an ending (it was still under way) stays 0 and counts as unknown.
    """

    role: str
    ending: NDArray[np.uint8]
    ended_ns: NDArray[np.int64]

    @property
    def acked(self) -> NDArray[np.bool_]:
        """The target said yes."""
        return np.asarray(self.ending == _ACKED)

    @property
    def refused(self) -> NDArray[np.bool_]:
        """The target said no."""
        return np.asarray(self.ending == _REFUSED)

    @property
    def unknown(self) -> NDArray[np.bool_]:
        """No answer, or none that says yes or no."""
        return ~(self.acked | self.refused)

    def __len__(self) -> int:
        """How many writes were tried."""
        return len(self.ending)


def ledger_of(role: str, probes: Probes, tried: int) -> Ledger:
    """The ledger of ``role`` from its probes, of which ``tried`` were sent."""
    ending = np.zeros(tried, dtype=np.uint8)
    ended_ns = np.zeros(tried, dtype=np.int64)
    ending[probes["seq"]] = probes["ending"]
    ended_ns[probes["seq"]] = probes["ended_ns"]
    return Ledger(role=role, ending=ending, ended_ns=ended_ns)


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What the store holds: how often each write is there, and how many that nobody tried.

    ``readable`` is false where the store gave no answer about a write: those judge nothing.
    """

    times: NDArray[np.int64]
    strangers: int = 0
    corrupt: NDArray[np.bool_] | None = None
    readable: NDArray[np.bool_] | None = None


def audit_of(found: NDArray[np.int64], tried: int) -> Audit:
    """The audit from the numbers that the store holds, in any order, repeated where doubled."""
    known = (found >= 0) & (found < tried)
    times = np.bincount(found[known], minlength=tried).astype(np.int64)
    return Audit(times=times, strangers=int((~known).sum()))


@dataclass(frozen=True, kw_only=True)
class Loss:
    """The account of one ledger. Unknown writes are never counted as lost."""

    acked: int
    refused: int
    unknown: int
    lost: NDArray[np.int64]
    loss_s: float
    duplicated: NDArray[np.int64]
    phantom: NDArray[np.int64]
    strangers: int
    corrupt: NDArray[np.int64]
    unreadable: int


def account(ledger: Ledger, audit: Audit, strike_completed_ns: int) -> Loss:
    """Compare what was promised with what is there.

    ``loss_s`` is the age of the oldest lost acknowledgement at the strike's completion, 0 for one
    that came after it (Jepsen's set checker, with the time of the ack added).
    """
    readable = np.ones(len(ledger), np.bool_) if audit.readable is None else audit.readable
    there = audit.times > 0
    lost = np.flatnonzero(ledger.acked & ~there & readable)
    oldest_ns = int(ledger.ended_ns[lost].min()) if len(lost) else strike_completed_ns
    corrupt = np.zeros(len(ledger), np.bool_) if audit.corrupt is None else audit.corrupt
    return Loss(
        acked=int(ledger.acked.sum()),
        refused=int(ledger.refused.sum()),
        unknown=int(ledger.unknown.sum()),
        lost=lost,
        loss_s=max(0.0, (strike_completed_ns - oldest_ns) / NS_PER_S),
        duplicated=np.flatnonzero(audit.times > 1),
        phantom=np.flatnonzero(ledger.refused & there),
        strangers=audit.strangers,
        corrupt=np.flatnonzero(corrupt),
        unreadable=int((ledger.acked & ~readable).sum()),
    )
