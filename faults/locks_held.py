"""Locks that every statement of the target waits for, holding its connection meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import psycopg
from psycopg import sql

from blackstart.faults.pool_use import pool_waiting
from blackstart.model.capabilities import Members, Sql
from blackstart.model.faults import Witness

_TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"
_OURS = """
select count(*) from pg_locks join pg_stat_activity using (pid)
where application_name = 'blackstart' and mode = 'AccessExclusiveLock' and granted
"""


@dataclass(frozen=True, kw_only=True)
class LocksHeld:
    """Lock every table of the target's schema against reading and writing.

    ``connections`` is what the target's pools may hold. Needs: ``Sql``, ``Pingable``. Lifted: the
    transaction that holds the locks is rolled back; it also ends with the session, should its
    holder die.
    """

    fault: ClassVar[str] = "locks-held"
    member: str
    connections: int

    def begin(self, members: Members) -> Callable[[], None]:
        """Take the locks, waiting at most 2 s for statements that are under way."""
        holder = psycopg.connect(
            members.able(self.member, Sql).direct_url(),
            application_name="blackstart",
            options="-c lock_timeout=2000",
        )
        try:
            tables = [row[0] for row in holder.execute(_TABLES)]
            names = sql.SQL(", ").join(sql.Identifier("public", table) for table in tables)
            holder.execute(sql.SQL("lock table {} in access exclusive mode").format(names))
        except BaseException:
            holder.close()
            raise
        return holder.close

    def witness(self, members: Members) -> Witness:
        """Locks are ours, and every connection waits for one, while a direct query is fast."""
        locks = members.able(self.member, Sql).query(_OURS)[0][0]
        if not locks:
            return Witness(bit=False, text=f"{self.member}: no table is locked")
        full = pool_waiting(members, self.member, connections=self.connections)
        return Witness(bit=full.bit, text=f"{full.text}; {locks} tables locked")
