"""A member replaced by a new one with a new disk, as a container is by the next."""

from dataclasses import dataclass
from typing import ClassVar

from blackstart.model.capabilities import Members, Recreatable, Startable, Stoppable
from blackstart.model.faults import Witness


@dataclass(frozen=True, kw_only=True)
class Recreate:
    """Stop a member in order, discard its disk, start it on an empty one.

    Needs: ``Stoppable``, ``Recreatable``, ``Startable``. Mended by: itself, when it serves again;
    what lay on its disk is gone.
    """

    fault: ClassVar[str] = "recreate"
    mended_by: ClassVar[str] = "itself"
    member: str

    def strike(self, members: Members) -> Witness:
        """Replace it; it serves when this returns."""
        running = members.able(self.member, Stoppable)
        disk = members.able(self.member, Recreatable)
        down = members.able(self.member, Startable)
        ended = running.stop()
        disk.discard_disk()
        down.start()
        if ended is None:
            return Witness(bit=False, text=f"{self.member}: was not running")
        return Witness(bit=True, text=f"{self.member}: process {ended.pid} replaced, on a new disk")
