"""The target's own connection pool used up by requests that hold its connections too long."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from blackstart.faults.latency import Latency
from blackstart.faults.reach import told
from blackstart.model.capabilities import Members, Pingable, Sql
from blackstart.model.faults import Witness

_OPEN = """
select count(*), count(*) filter (where state <> 'idle') from pg_stat_activity
where datname = current_database() and application_name <> 'blackstart'
  and backend_type = 'client backend'
"""
_LIMIT_S = 3.0


@dataclass(frozen=True, kw_only=True)
class PoolExhausted:
    """Answers of the database come ``delay_ms`` late, so that load holds every connection.

    The database itself stays fast: server slots used up by strangers is another fault.
    Needs: ``Proxied``, ``Sql``, ``Pingable``. Lifted: held answers are delivered.
    """

    fault: ClassVar[str] = "pool-exhausted"
    member: str
    delay_ms: int
    connections: int

    def begin(self, members: Members) -> Callable[[], None]:
        """Make its answers late; the traffic does the rest."""
        return Latency(member=self.member, delay_ms=self.delay_ms).begin(members)

    def witness(self, members: Members) -> Witness:
        """As many connections as the pool may have, some at work, while a direct query is fast."""
        deadline = time.monotonic() + _LIMIT_S
        opened = busy = 0
        while time.monotonic() < deadline:
            row = members.able(self.member, Sql).query(_OPEN)[0]
            opened, busy = max(opened, int(str(row[0]))), max(busy, int(str(row[1])))
            if opened >= self.connections and busy:
                break
        direct_s = members.able(self.member, Pingable).ping_s(direct=True, limit_s=1.0)
        return Witness(
            bit=opened >= self.connections and busy > 0 and direct_s is not None,
            text=(
                f"{self.member}: {opened} connections of the target open (pool and overflow "
                f"{self.connections}), up to {busy} at work at once; direct query {told(direct_s)}"
            ),
        )
