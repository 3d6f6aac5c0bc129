"""A member whose answers come late."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from blackstart.faults.reach import reach, told
from blackstart.model.capabilities import Members, Proxied
from blackstart.model.faults import Witness


@dataclass(frozen=True, kw_only=True)
class Latency:
    """Delay a member's bytes by ``delay_ms`` ± ``jitter_ms``.

    Needs: ``Proxied``, ``Pingable``. Lifted: held bytes are sent, never dropped.
    """

    fault: ClassVar[str] = "latency"
    member: str
    delay_ms: int
    jitter_ms: int = 0

    def begin(self, members: Members) -> Callable[[], None]:
        """Delay what it sends."""
        link = members.able(self.member, Proxied).link
        attributes = {"latency": self.delay_ms, "jitter": self.jitter_ms}
        name = link.add("latency", stream="downstream", attributes=attributes)
        return partial(link.remove, name)

    def witness(self, members: Members) -> Witness:
        """An answer through the proxy takes at least the delay, or does not come in its time."""
        least_s = (self.delay_ms - self.jitter_ms) / 1000
        direct_s, through_s = reach(members, self.member, limit_s=least_s)
        return Witness(
            bit=direct_s is not None and direct_s < least_s and through_s is None,
            text=(
                f"{self.member}: {self.delay_ms} ms late; direct {told(direct_s)}, through the "
                f"proxy nothing within {least_s * 1000:.0f} ms"
                if through_s is None
                else f"{self.member}: answered through the proxy in {told(through_s)}"
            ),
        )
