"""The witness of a pool used up: what the database itself says of the target's connections."""

import time

from blackstart.faults.reach import told
from blackstart.model.capabilities import Members, Pingable, Sql
from blackstart.model.faults import Witness

# At work is a connection with a statement, or whose answer is still on its way to the target.
_USE = """
select count(*), count(*) filter (where wait_event_type = 'Lock'), count(*) filter (
    where state <> 'idle' or clock_timestamp() - state_change < make_interval(secs => %s))
from pg_stat_activity
where datname = current_database() and application_name <> 'blackstart'
  and backend_type = 'client backend'
"""
_WAITING, _AT_WORK = 1, 2
_LOOK_FOR_S = 2.5
_EVERY_S = 0.01


def pool_full(members: Members, member: str, *, connections: int, answer_s: float) -> Witness:
    """Whether all ``connections`` were held at once while a direct query was fast.

    ``answer_s`` is how long an answer travels. Looks for up to 2.5 s. Without the delay a busy pool
    looks the same: whether that is there has to be asked as well.
    """
    use = _most(members, member, connections, _AT_WORK, answer_s)
    return _witness(members, member, connections, use, "held")


def pool_waiting(members: Members, member: str, *, connections: int) -> Witness:
    """Whether all ``connections`` waited for locks at once while a direct query was fast.

    Looks for up to 2.5 s.
    """
    use = _most(members, member, connections, _WAITING, 0.0)
    return _witness(members, member, connections, use, "waiting for locks")


def _most(
    members: Members, member: str, wanted: int, column: int, answer_s: float
) -> tuple[int, int]:
    """The most connections seen open, and the most seen in use by ``column``."""
    database = members.able(member, Sql)
    deadline = time.monotonic() + _LOOK_FOR_S
    most_open = most_used = 0
    while most_used < wanted and time.monotonic() < deadline:
        row = database.query(_USE, (answer_s,))[0]
        most_open = max(most_open, int(str(row[0])))
        most_used = max(most_used, int(str(row[column])))
        time.sleep(_EVERY_S)
    return most_open, most_used


def _witness(
    members: Members, member: str, connections: int, use: tuple[int, int], how: str
) -> Witness:
    most_open, most_used = use
    direct_s = members.able(member, Pingable).ping_s(direct=True, limit_s=1.0)
    return Witness(
        bit=most_used >= connections and direct_s is not None,
        text=(
            f"{member}: {most_used} of the pool's {connections} connections {how} at once "
            f"({most_open} open) while a direct query took {told(direct_s)}"
        ),
    )
