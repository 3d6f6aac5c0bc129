"""Where a drill stands against its two objectives."""

from enum import StrEnum

from blackstart.model.findings import FindingCode
from blackstart.model.result import DrillResult
from blackstart.model.verdict import Verdict

_RTO_CODES = {FindingCode.RTO_EXCEEDED, FindingCode.NOT_RECOVERED}
_RPO_CODES = {FindingCode.RPO_EXCEEDED, FindingCode.ACKED_WRITE_LOST}


class Standing(StrEnum):
    """An objective kept, not kept, or not judged. Without evidence it is never met."""

    MET = "met"
    MISSED = "missed"
    NOT_MEASURED = "not measured"


def rto_standing(result: DrillResult) -> Standing:
    """Whether the RTO was kept, by the checkers' findings: reports judge nothing themselves."""
    return _standing(result, _RTO_CODES, measured=result.recovery_s is not None)


def rpo_standing(result: DrillResult) -> Standing:
    """Whether the RPO was kept, by the checkers' findings."""
    return _standing(result, _RPO_CODES, measured=result.loss_s is not None)


def margin_s(objective_s: float | None, measured_s: float | None) -> float | None:
    """What was left of the objective (negative: by how much it was missed).

    ``None`` without a measurement, and where nothing was allowed and nothing used.
    """
    if objective_s is None or measured_s is None or objective_s == measured_s == 0:
        return None
    return objective_s - measured_s


def _standing(result: DrillResult, codes: set[FindingCode], *, measured: bool) -> Standing:
    if any(finding.code in codes for finding in result.findings):
        return Standing.MISSED
    if result.verdict is Verdict.INCONCLUSIVE or not measured:
        return Standing.NOT_MEASURED
    return Standing.MET
