"""An orderly restart, as every deployment makes."""

from dataclasses import dataclass
from typing import ClassVar

from blackstart.model.capabilities import Members, Startable, Stoppable
from blackstart.model.faults import Witness


@dataclass(frozen=True, kw_only=True)
class Restart:
    """Stop a member with its own grace and start it again on the same disk.

    Needs: ``Stoppable``, ``Startable``. Mended by: itself, when it serves again.
    """

    fault: ClassVar[str] = "restart"
    mended_by: ClassVar[str] = "itself"
    member: str

    def strike(self, members: Members) -> Witness:
        """Restart it; it serves when this returns. The old process is known to have ended."""
        running = members.able(self.member, Stoppable)
        down = members.able(self.member, Startable)
        ended = running.stop()
        down.start()
        if ended is None:
            return Witness(bit=False, text=f"{self.member}: was not running")
        return Witness(bit=True, text=f"{self.member}: process {ended.pid} stopped, another runs")
