"""Shows that a drill would have gone red had its guardrail not been there."""

from dataclasses import replace

from blackstart.model.result import ProofResult
from blackstart.model.scenario import ProofPlan
from blackstart.model.verdict import ProofVerdict, Verdict
from blackstart.runner.execution import Drilled, rehearse
from blackstart.runner.plan import DrillPlan
from blackstart.runner.progress import Progress


def prove(plan: DrillPlan, proof: ProofPlan, progress: Progress) -> tuple[ProofResult, Drilled]:
    """Drill with the guardrail off (and what masks it), and see whether it is missed as declared.

    The drill with everything on must have held beforehand; that is the caller's to know.
    """
    off = replace(plan, off=(proof.guardrail, *proof.masks))
    drilled = rehearse(off, progress)
    return judged(off, proof, drilled), drilled


def judged(plan: DrillPlan, proof: ProofPlan, drilled: Drilled) -> ProofResult:
    """Proven only by the declared finding, beside no others than its declared consequences."""
    found = tuple(dict.fromkeys(f.code for f in drilled.result.findings))
    strange = set(found) - {proof.finding, *proof.consequences}
    if drilled.result.verdict is Verdict.INCONCLUSIVE:
        verdict, reasons = ProofVerdict.INCONCLUSIVE, drilled.result.reasons
    elif proof.finding not in found:
        verdict, reasons = ProofVerdict.UNPROVEN, (f"{proof.finding} was not found",)
    elif strange:
        also = ", ".join(sorted(strange))
        verdict, reasons = ProofVerdict.UNPROVEN, (f"found besides, undeclared: {also}",)
    else:
        verdict, reasons = ProofVerdict.PROVEN, ()
    return ProofResult(
        scenario=plan.scenario.id,
        variant=plan.variant.name,
        guardrail=proof.guardrail,
        expected=proof.finding,
        found=found,
        verdict=verdict,
        reasons=tuple(reasons),
        replay=plan.replay,
    )
