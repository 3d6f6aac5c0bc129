"""Every runbook step by its name."""

from collections.abc import Mapping

from blackstart.model.errors import UsageError, nearest
from blackstart.recovery.start import Start

STEPS: Mapping[str, type[Start]] = {step.step: step for step in (Start,)}


def make(name: str, member: str) -> Start:
    """The step ``name`` on ``member``. Raises ``UsageError`` naming those that exist."""
    if name not in STEPS:
        raise UsageError(f"no runbook step {name!r}", exists=nearest(name, STEPS))
    return STEPS[name](member=member)
