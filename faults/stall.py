"""A member whose bytes stop: connections stay open, nothing arrives until it is lifted."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from blackstart.faults.reach import reach, told
from blackstart.model.capabilities import Members, Proxied
from blackstart.model.faults import Witness


@dataclass(frozen=True, kw_only=True)
class Stall:
    """Hold every byte from a member, on old and new connections alike.

    Needs: ``Proxied``, ``Pingable``. Lifted: held bytes are delivered, in order; none is dropped.
    """

    fault: ClassVar[str] = "stall"
    member: str

    def begin(self, members: Members) -> Callable[[], None]:
        """Stop what it sends."""
        link = members.able(self.member, Proxied).link
        name = link.add("stall", stream="downstream", attributes={})
        return partial(link.remove, name)

    def witness(self, members: Members) -> Witness:
        """It answers us directly, and through the proxy it doesn't."""
        direct_s, through_s = reach(members, self.member)
        held = members.able(self.member, Proxied).link.counters().bytes_held
        return Witness(
            bit=direct_s is not None and through_s is None,
            text=(
                f"{self.member}: stalled; direct {told(direct_s)}, through the proxy "
                f"{told(through_s)}, {held} bytes held"
            ),
        )
