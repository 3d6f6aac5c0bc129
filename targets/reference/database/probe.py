"""Is Postgres there? Asked without a session, so that asking uses up no connection slot."""

import struct

from sqlalchemy import make_url

from blackstart.targets.reference.guardrails.truthful_health import DOWN, OK
from blackstart.targets.reference.reach import first_answer

# "Do you speak TLS?", the one question that Postgres answers before anybody signs in; see
# https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
SSL_REQUEST = struct.pack("!II", 8, 80877103)


class PostgresProbe:
    """Asks Postgres one question; costs one round trip, and is not in ``pg_stat_activity``."""

    def __init__(self, database_url: str) -> None:
        url = make_url(database_url)
        self._host = url.host or "localhost"
        self._port = url.port or 5432

    async def look(self) -> str:
        """Give ``ok`` or ``unreachable``; the caller bounds the time."""
        answer = await first_answer(self._host, self._port, SSL_REQUEST)
        return OK if answer[:1] in (b"S", b"N") else DOWN
