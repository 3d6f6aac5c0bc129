"""A member that can't be reached: connections closed, new ones refused."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from blackstart.faults.reach import reach
from blackstart.model.capabilities import Members, Proxied
from blackstart.model.faults import Witness


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Close every connection to a member and refuse new ones.

    Needs: ``Proxied``, ``Pingable``. Lifted: connections pass again.
    """

    fault: ClassVar[str] = "cut"
    member: str

    def begin(self, members: Members) -> Callable[[], None]:
        """Cut it off."""
        link = members.able(self.member, Proxied).link
        name = link.add("refuse", stream="downstream", attributes={})
        return partial(link.remove, name)

    def witness(self, members: Members) -> Witness:
        """It answers us directly, and not through the proxy."""
        direct_s, through_s = reach(members, self.member)
        closed = members.able(self.member, Proxied).link.counters().closed_by_fault
        return Witness(
            bit=direct_s is not None and through_s is None,
            text=f"{self.member}: cut; {closed} connections closed; {_told(direct_s, through_s)}",
        )


def _told(direct_s: float | None, through_s: float | None) -> str:
    direct = "no answer past the proxy" if direct_s is None else "answers past the proxy"
    through = "no answer through it" if through_s is None else "ANSWERS through it"
    return f"{direct}, {through}"
