"""The five figures on top of the page."""

from collections.abc import Iterator

from blackstart.model.result import DrillResult, RunResult
from blackstart.model.verdict import ProofVerdict, Verdict
from blackstart.reports.drawing.svg import escape
from blackstart.reports.figures import NOTHING, margin_text, not_recovered
from blackstart.reports.standing import margin_s


def tiles(result: RunResult) -> str:
    """Held, worst margins, lost writes; and proofs if there are any, else probes."""
    cells = (
        f'<div class="tile"><span class="soft small">{escape(name)}</span>'
        f"<b{' class=bad' if bad else ''}>{escape(figure)}</b></div>"
        for name, figure, bad in _tiles(result)
    )
    return f'<section class="tiles">{"".join(cells)}</section>'


def _tiles(result: RunResult) -> Iterator[tuple[str, str, bool]]:
    drills = result.drills
    held = sum(drill.verdict is Verdict.HELD for drill in drills)
    yield "Drills held", f"{held} / {len(drills)}", held < len(drills)
    yield "Thinnest RTO margin", *_thinnest(drills, "recovery_s", "rto_s")
    yield "Thinnest RPO margin", *_thinnest(drills, "loss_s", "rpo_s")
    judged = [drill for drill in drills if drill.lost_writes is not None]
    lost = sum(drill.lost_writes or 0 for drill in judged)
    acked = sum(drill.acked for drill in judged)
    yield "Acknowledged writes lost", f"{lost:,} of {acked:,}" if judged else NOTHING, lost > 0
    if result.proofs:
        proven = sum(proof.verdict is ProofVerdict.PROVEN for proof in result.proofs)
        yield "Guardrails proven", f"{proven} / {len(result.proofs)}", proven < len(result.proofs)
    else:
        yield "Probes sent", f"{sum(drill.probes for drill in drills):,}", False


def _thinnest(drills: tuple[DrillResult, ...], measured: str, objective: str) -> tuple[str, bool]:
    """The smallest margin; one that never came back is thinner than any."""
    if measured == "recovery_s" and any(not_recovered(drill) for drill in drills):
        return "not recovered", True
    margins = [margin_s(getattr(drill, objective), getattr(drill, measured)) for drill in drills]
    known = [margin for margin in margins if margin is not None]
    return (margin_text(min(known)), min(known) < 0) if known else (NOTHING, False)
