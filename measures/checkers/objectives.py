"""Measured recovery and normality against the objectives."""

from blackstart.measures.recovery import Recovery
from blackstart.model.findings import Finding, FindingCode


def check_recovery(recovery: Recovery, rto_s: float) -> list[Finding]:
    """The recovery must have come, stayed, and come within the RTO."""
    if recovery.recovery_s is None:
        return [
            Finding(
                code=FindingCode.NOT_RECOVERED,
                detail=f"{recovery.role}: {recovery.bad} bad answers, up to the end of the watch",
            )
        ]
    if recovery.recovery_s <= rto_s:
        return []
    return [
        Finding(
            code=FindingCode.RTO_EXCEEDED,
            detail=(
                f"{recovery.role}: recovery {recovery.recovery_s:.2f} s "
                f"± {recovery.resolution_s:.2f} exceeds {rto_s:g} s"
            ),
        )
    ]


def check_normal(role: str, normal_s: float | None, allowed_s: float) -> list[Finding]:
    """Answers must be as in the baseline again within the time allowed."""
    if normal_s is not None and normal_s <= allowed_s:
        return []
    came = "never" if normal_s is None else f"after {normal_s:.2f} s"
    return [
        Finding(
            code=FindingCode.NOT_NORMAL,
            detail=f"{role}: as in the baseline {came}, allowed {allowed_s:g} s",
        )
    ]
