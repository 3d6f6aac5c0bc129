"""The target's signing key is replaced by a new one."""

from dataclasses import dataclass
from typing import ClassVar

from blackstart.model.capabilities import Members, Rotatable
from blackstart.model.faults import Witness


@dataclass(frozen=True, kw_only=True)
class RotateKey:
    """Publish a new signing key that becomes active ``active_in_s`` later.

    The last instance learns of it ``late_by_s`` after the others, as mounted secrets do.
    Needs: ``Rotatable``. Mended by: nothing; tokens of the old key live on through the grace.
    """

    fault: ClassVar[str] = "rotate-key"
    mended_by: ClassVar[str] = "the grace period"
    member: str
    active_in_s: float
    late_by_s: float

    def strike(self, members: Members) -> Witness:
        """Hand out the key; done when every instance has it."""
        kid = members.able(self.member, Rotatable).publish_key(
            active_in_s=self.active_in_s, late_by_s=self.late_by_s
        )
        return Witness(
            bit=True,
            text=(
                f"{self.member}: key {kid} written for every instance, for the last one "
                f"{self.late_by_s:g} s later; active {self.active_in_s:g} s after its publication"
            ),
        )
