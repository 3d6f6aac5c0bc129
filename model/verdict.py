"""What a drill may conclude."""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """The judgement on a drill, a scenario or a run. Inconclusive is never green."""

    HELD = "held"
    BREACHED = "breached"
    INCONCLUSIVE = "inconclusive"


_SEVERITY = (Verdict.HELD, Verdict.INCONCLUSIVE, Verdict.BREACHED)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst wins; none at all is ``INCONCLUSIVE``: no evidence is never a pass."""
    return max(verdicts, key=_SEVERITY.index, default=Verdict.INCONCLUSIVE)


class ProofVerdict(StrEnum):
    """Whether a drill was seen to go red with its guardrail off, for its declared reason."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    INCONCLUSIVE = "inconclusive"
