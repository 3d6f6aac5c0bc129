"""A process that is gone without warning."""

from dataclasses import dataclass
from typing import ClassVar

from blackstart.model.capabilities import Killable, Members
from blackstart.model.faults import Witness


@dataclass(frozen=True, kw_only=True)
class Kill:
    """SIGKILL a member: a process crash (the page cache survives; it is no power loss).

    Needs: ``Killable``. Mended by: starting it again.
    """

    fault: ClassVar[str] = "kill"
    mended_by: ClassVar[str] = "the runbook step start"
    member: str

    def strike(self, members: Members) -> Witness:
        """Kill it and wait until it is gone; the kernel says how it ended."""
        member = members.able(self.member, Killable)
        if not member.alive():
            return Witness(bit=False, text=f"{self.member}: was not running")
        ended = member.kill()
        return Witness(
            bit=ended.code == -9 and not member.alive(),
            text=f"{self.member}: process {ended.pid} ended by {_how(ended.code)}",
        )


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"itself with exit code {code}"
