"""Start a member that is down, where it left off."""

from dataclasses import dataclass
from typing import ClassVar

from blackstart.model.capabilities import Members, Startable


@dataclass(frozen=True, kw_only=True)
class Start:
    """Start a member and wait until it serves.

    Needs: ``Startable``. Raises ``StartError`` with the tail of its log.
    """

    step: ClassVar[str] = "start"
    member: str

    def carry_out(self, members: Members) -> str:
        """Do it; returns what was done, in words."""
        members.able(self.member, Startable).start()
        return f"{self.member} started"
