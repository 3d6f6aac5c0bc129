"""The target's own connection pool used up by requests that hold its connections too long."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from blackstart.faults.latency import Latency
from blackstart.faults.pool_use import pool_full
from blackstart.model.capabilities import Members
from blackstart.model.faults import Witness


@dataclass(frozen=True, kw_only=True)
class PoolExhausted:
    """Answers of the database come ``delay_ms`` late, so that load holds every connection.

    The database itself stays fast: server slots used up by strangers is another fault.
    ``connections`` is what the target's pools may hold. Needs: ``Proxied``, ``Sql``, ``Pingable``.
    Lifted: held answers are delivered.
    """

    fault: ClassVar[str] = "pool-exhausted"
    member: str
    delay_ms: int
    connections: int

    def begin(self, members: Members) -> Callable[[], None]:
        """Make its answers late; the traffic does the rest."""
        return self._latency.begin(members)

    def witness(self, members: Members) -> Witness:
        """Answers are late, and every connection held at once, while a direct query is fast."""
        late = self._latency.witness(members)
        if not late.bit:
            return late
        answer_s = self.delay_ms / 1000
        full = pool_full(members, self.member, connections=self.connections, answer_s=answer_s)
        return Witness(bit=full.bit, text=f"{late.text}; {full.text}")

    @property
    def _latency(self) -> Latency:
        return Latency(member=self.member, delay_ms=self.delay_ms)
