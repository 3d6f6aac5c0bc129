"""Connecting to Postgres, such that giving up leaves nothing open."""

import asyncio
from typing import Any

from psycopg import AsyncConnection


async def connect(*args: Any, **kwargs: Any) -> AsyncConnection[Any]:
    """Connect as psycopg does; when cancelled, the half-open connection is closed at once.

    The traceback of the cancellation would keep psycopg's frames alive, and with them the
    socket, until the garbage collector comes by: a backend too many on a server short of them.
    """
    try:
        return await AsyncConnection.connect(*args, **kwargs)
    except asyncio.CancelledError as error:
        raise error.with_traceback(None) from None
