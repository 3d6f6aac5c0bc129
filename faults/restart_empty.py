"""A member that comes back having lost everything it stored."""

from dataclasses import dataclass
from typing import ClassVar

from blackstart.faults.reach import told
from blackstart.model.capabilities import Killable, Members, Pingable, Recreatable, Startable
from blackstart.model.faults import Witness


@dataclass(frozen=True, kw_only=True)
class RestartEmpty:
    """Kill a member, give it a new and empty disk, start it.

    Needs: ``Killable``, ``Recreatable``, ``Startable``, ``Pingable``. Mended by: whoever fills it.
    """

    fault: ClassVar[str] = "restart-empty"
    mended_by: ClassVar[str] = "filling it again"
    member: str

    def strike(self, members: Members) -> Witness:
        """Kill, empty, start; what runs then is another process, and it answers."""
        victim = members.able(self.member, Killable)
        disk = members.able(self.member, Recreatable)
        down = members.able(self.member, Startable)
        asked = members.able(self.member, Pingable)
        was_alive = victim.alive()
        ended = victim.kill()
        disk.discard_disk()
        down.start()
        answer_s = asked.ping_s(direct=True, limit_s=2.0)
        if not was_alive:
            return Witness(bit=False, text=f"{self.member}: was not running")
        return Witness(
            bit=ended.code == -9 and answer_s is not None,
            text=(
                f"{self.member}: process {ended.pid} ended by signal {-ended.code}, its disk "
                f"replaced; the new one: {told(answer_s)}"
            ),
        )
