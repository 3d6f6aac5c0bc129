"""Is Postgres there? Asked on a connection of its own, never on the pool's."""

import psycopg
from sqlalchemy import make_url

from blackstart.targets.reference.guardrails.truthful_health import DOWN, OK


class PostgresProbe:
    """Connects and leaves; its ``application_name`` keeps it apart from the pool's backends.

    No statement is sent: being let in is answer enough, and giving up a connecting costs nothing,
    while giving up a statement would send a request to cancel over a link that may be stalled.
    """

    def __init__(self, database_url: str, instance: str) -> None:
        url = make_url(database_url).set(drivername="postgresql")
        self._address = url.render_as_string(hide_password=False)
        self._name = f"{instance}-health"

    async def look(self) -> str:
        """Give ``ok``, ``no free slots``, or ``unreachable``; the caller bounds the time."""
        try:
            connection = await psycopg.AsyncConnection.connect(
                self._address, application_name=self._name
            )
        except psycopg.OperationalError as error:
            is_full = "too many" in str(error) or "slots" in str(error)
            return "no free slots" if is_full else DOWN
        await connection.close()
        return OK
