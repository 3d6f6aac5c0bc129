"""A connection the server has closed is renewed when it is taken from the pool."""

import select
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine


def renew_dropped_connections(engine: AsyncEngine) -> None:
    """Look at each connection before use, without asking the server.

    Nothing is owed to an idle connection, so one with something to read has been closed (or told
    why it will be). A pre-ping would find the same for a round trip on every request. Without
    either, the idle connections left by a restart of the server would be that many failures in a
    row, and open the breaker on a healthy database.
    """
    event.listen(engine.sync_engine, "checkout", _refuse_if_dropped)


def _refuse_if_dropped(connection: Any, _record: object, _proxy: object) -> None:
    if is_readable(connection.driver_connection.fileno()):
        raise DisconnectionError("closed by the server while idle")


def is_readable(descriptor: int) -> bool:
    """Whether something, or the end, waits on this socket; costs one system call."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
