"""The witness of a pool used up: what the database itself says of the target's connections."""

import time

from blackstart.faults.reach import told
from blackstart.model.capabilities import Members, Pingable, Sql
from blackstart.model.faults import Witness

# Held is a connection that is at work, or whose answer is still on its way to the target.
_USE = """
select count(*), count(*) filter (
    where state <> 'idle' or clock_timestamp() - state_change < make_interval(secs => %s))
from pg_stat_activity
where datname = current_database() and application_name <> 'blackstart'
  and backend_type = 'client backend'
"""
_LOOK_FOR_S = 2.5
_EVERY_S = 0.01


def pool_full(members: Members, member: str, *, connections: int, answer_s: float) -> Witness:
    """Whether all ``connections`` were held at once while a direct query was fast.

    ``answer_s`` is how long an answer travels. Looks for up to 2.5 s.
    """
    deadline = time.monotonic() + _LOOK_FOR_S
    most_open = most_held = 0
    while most_held < connections and time.monotonic() < deadline:
        opened, held = members.able(member, Sql).query(_USE, (answer_s,))[0]
        most_open, most_held = max(most_open, int(str(opened))), max(most_held, int(str(held)))
        time.sleep(_EVERY_S)
    direct_s = members.able(member, Pingable).ping_s(direct=True, limit_s=1.0)
    return Witness(
        bit=most_held >= connections and direct_s is not None,
        text=(
            f"{member}: {most_held} of the pool's {connections} connections held at once "
            f"({most_open} open) while a direct query took {told(direct_s)}"
        ),
    )
