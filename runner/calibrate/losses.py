"""Loss to the row and to the instant of the ack; doubles, phantoms and doubt by number."""

import numpy as np
from numpy.typing import NDArray

from blackstart.measures import ledger as ledgers
from blackstart.measures.history import lateness_s
from blackstart.measures.ledger import Audit, Ledger, Loss
from blackstart.model.clock import NS_PER_S
from blackstart.runner.calibrate.recording import Recording
from blackstart.runner.calibrate.row import Row
from blackstart.runner.calibrate.scripts import SLICE, STRANGERS


def rows(recording: Recording) -> list[Row]:
    """Every kind of write against what became of it, and the age of each slice's loss."""
    ledger, audit = _books(recording)
    loss = ledgers.account(ledger, audit, int(ledger.ended_ns.max(initial=0)))
    return [
        _numbers(recording, "lost, by number", ("lose",), loss.lost),
        _numbers(recording, "duplicated, by number", ("double",), loss.duplicated),
        _numbers(recording, "refused, yet there", ("refuse_yet_write",), loss.phantom),
        _count(recording, "refused", ("refuse", "refuse_yet_write"), loss.refused),
        _count(recording, "in doubt, never counted as lost", ("doubt", "doubt_yet_write"), loss),
        Row(
            "there, though nobody tried",
            str(len(STRANGERS)),
            str(loss.strangers),
            loss.strangers == len(STRANGERS),
        ),
        _age(recording, ledger, audit),
    ]


def _books(recording: Recording) -> tuple[Ledger, Audit]:
    tried = recording.tried["write"]
    ledger = ledgers.ledger_of("write", recording.history.of("write"), tried)
    return ledger, ledgers.audit_of(np.array(recording.store, dtype=np.int64), tried)


def _true(recording: Recording, deeds: tuple[str, ...]) -> list[int]:
    told = recording.answers("write").items()
    return sorted(seq for seq, answer in told if answer["did"] in deeds)


def _numbers(
    recording: Recording, name: str, deeds: tuple[str, ...], found: NDArray[np.int64]
) -> Row:
    true = _true(recording, deeds)
    right = len(set(true) & set(found.tolist()))
    measured = f"{len(found)}, of which {right} right"
    return Row(name, f"{len(true)} writes", measured, true == found.tolist())


def _count(recording: Recording, name: str, deeds: tuple[str, ...], found: int | Loss) -> Row:
    true = len(_true(recording, deeds))
    seen = found.unknown if isinstance(found, Loss) else found
    return Row(name, f"{true} writes", str(seen), true == seen)


def _age(recording: Recording, ledger: Ledger, audit: Audit) -> Row:
    """As many strikes as slices, each at the instant at which its slice's last write arrived.

    The client has its ack a moment after the target gave it: by a millisecond at most, and by as
    much as the prober itself was late.
    """
    errors = [
        _age_error(recording, ledger, audit, first)
        for first in range(0, len(ledger) - SLICE + 1, SLICE)
    ]
    late_s = float(np.percentile(lateness_s(recording.history.of("write")), 99))
    worst_s = float(np.abs(errors).max())
    return Row(
        "age of the oldest lost ack, to the millisecond",
        f"≤ 1 ms + lag {late_s * 1e3:.1f} ms",
        f"{len(errors)} losses, worst {worst_s * 1e3:.2f} ms",
        worst_s <= 0.001 + late_s,
    )


def _age_error(recording: Recording, ledger: Ledger, audit: Audit, first: int) -> float:
    part = slice(first, first + SLICE)
    told = recording.answers("write")
    lost = [seq for seq in _true(recording, ("lose",)) if first <= seq < first + SLICE]
    struck_ns = int(told[first + SLICE - 1]["arrived_ns"])
    true_s = (struck_ns - min(int(told[seq]["answered_ns"]) for seq in lost)) / NS_PER_S
    piece = Ledger(role="write", ending=ledger.ending[part], ended_ns=ledger.ended_ns[part])
    loss = ledgers.account(piece, Audit(times=audit.times[part]), struck_ns)
    return loss.loss_s - true_s
