"""The picture in words: for those who do not see it, and for search."""

from collections.abc import Mapping

from blackstart.model.outcome import Outcome
from blackstart.reports.figures import loss_text, objective_text, recovery_text
from blackstart.reports.material import DrillMaterial
from blackstart.reports.standing import rpo_standing, rto_standing


def story(material: DrillMaterial, counts: Mapping[Outcome, int]) -> str:
    """Verdict, both figures against their objectives, and the count of every outcome."""
    result = material.result
    counted = ", ".join(f"{counts.get(outcome, 0)} {outcome.value}" for outcome in Outcome)
    return (
        f"{material.id}: {result.verdict.value}. "
        f"Recovery: {recovery_text(result)}, RTO {objective_text(result.rto_s)}, "
        f"{rto_standing(result).value}. "
        f"Acknowledged writes lost: {loss_text(result)}, RPO {objective_text(result.rpo_s)}, "
        f"{rpo_standing(result).value}. Answers: {counted}."
    )
