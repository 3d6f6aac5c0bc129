"""What the ledger says of writes."""

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.ledger import Loss
from blackstart.model.findings import Finding, FindingCode


def check(role: str, loss: Loss, rpo_s: float) -> list[Finding]:
    """Lost, doubled, phantom and corrupted writes, each with the first numbers."""
    found = [
        _named(FindingCode.WRITE_DUPLICATED, role, "took effect twice or more", loss.duplicated),
        _named(FindingCode.PHANTOM_WRITE, role, "refused, yet there", loss.phantom),
        _named(FindingCode.WRITE_CORRUPTED, role, "came back with other bytes", loss.corrupt),
        _lost(role, loss, rpo_s),
        _strangers(role, loss),
    ]
    return [finding for finding in found if finding is not None]


def _lost(role: str, loss: Loss, rpo_s: float) -> Finding | None:
    """Loss within a stated RPO is allowed; with an RPO of 0 every lost ack is a finding."""
    if not len(loss.lost):
        return None
    detail = (
        f"{role}: {len(loss.lost)} of {loss.acked} acknowledged writes missing, the oldest "
        f"{loss.loss_s:.2f} s old at the strike (numbers {_some(loss.lost)})"
    )
    if rpo_s == 0:
        return Finding(code=FindingCode.ACKED_WRITE_LOST, detail=detail)
    if loss.loss_s <= rpo_s:
        return None
    return Finding(code=FindingCode.RPO_EXCEEDED, detail=f"{detail}; allowed {rpo_s:g} s")


def _strangers(role: str, loss: Loss) -> Finding | None:
    if not loss.strangers:
        return None
    detail = f"{role}: {loss.strangers} writes are there that nobody tried"
    return Finding(code=FindingCode.PHANTOM_WRITE, detail=detail)


def _named(code: FindingCode, role: str, what: str, seqs: NDArray[np.int64]) -> Finding | None:
    if not len(seqs):
        return None
    detail = f"{role}: {len(seqs)} writes {what} (numbers {_some(seqs)})"
    return Finding(code=code, detail=detail)


def _some(seqs: NDArray[np.int64]) -> str:
    shown = ", ".join(str(s) for s in seqs[:5])
    return f"{shown}, …" if len(seqs) > 5 else shown
