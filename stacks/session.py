"""The harness's own connection to Postgres: one, kept, and limited in time."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg


class Session:
    """One autocommit connection, made when first needed and made again after a break. Thread-safe.

    A kept one, so that asking ten times a second costs nothing and counts as no connection of the
    target's: its ``application_name`` is ``blackstart``.
    """

    def __init__(self, url: Callable[[], str]) -> None:
        """Connect to what ``url()`` says at the time."""
        self._url = url
        self._lock = threading.Lock()
        self._connection: psycopg.Connection[Any] | None = None
        self._finish: Callable[[], object] = lambda: None

    def query(
        self, statement: str, parameters: tuple[object, ...], *, limit_s: float
    ) -> list[tuple[object, ...]]:
        """Rows of one statement; none if it gives none.

        Raises ``TimeoutError`` at the limit, ``ConnectionError`` if the server is not there (a
        connection takes libpq 2 s at the least to give up), ``psycopg.Error`` for bad SQL.
        """
        if not self._lock.acquire(timeout=limit_s):
            raise TimeoutError(f"the harness's connection was busy for {limit_s:g} s")
        try:
            return self._ask(statement, parameters, limit_s)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Close the connection; the next query makes another."""
        self._finish()
        self._connection = None

    def _ask(
        self, statement: str, parameters: tuple[object, ...], limit_s: float
    ) -> list[tuple[object, ...]]:
        import psycopg

        expired = threading.Event()
        connection = self._connected(limit_s)
        try:
            with _limit(connection, limit_s, expired):
                cursor = connection.execute(statement.encode(), parameters or None)
                return cursor.fetchall() if cursor.description else []
        except psycopg.OperationalError as error:
            if expired.is_set():
                raise TimeoutError(f"no answer from Postgres in {limit_s:g} s") from error
            if connection.broken:
                raise ConnectionError(f"Postgres went away: {error}") from error
            raise
        finally:
            if connection.broken:
                self.close()

    def _connected(self, limit_s: float) -> psycopg.Connection[Any]:
        import psycopg

        if self._connection is not None and _stale(self._connection):
            self.close()
        if self._connection is None:
            try:
                self._connection = psycopg.connect(
                    self._url(),
                    autocommit=True,
                    application_name="blackstart",
                    connect_timeout=max(2, round(limit_s)),
                )
            except psycopg.OperationalError as error:
                raise ConnectionError(f"Postgres does not answer: {error}") from error
            # Closed with its session even where nobody closes the session.
            self._finish = weakref.finalize(self, self._connection.close)
        return self._connection


def _stale(connection: psycopg.Connection[Any]) -> bool:
    """Whether the other end hung up meanwhile: an idle connection has nothing to read but that."""
    readable, _, _ = select.select([connection.fileno()], [], [], 0)
    return bool(readable)


@contextmanager
def _limit(
    connection: psycopg.Connection[Any], limit_s: float, expired: threading.Event
) -> Iterator[None]:
    """Hang up at the limit: a server that is stopped would not heed a time-out of its own."""
    with socket.socket(fileno=os.dup(connection.fileno())) as handle:
        timer = threading.Timer(limit_s, _hang_up, (handle, expired))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()


def _hang_up(handle: socket.socket, expired: threading.Event) -> None:
    expired.set()
    with contextlib.suppress(OSError):  # the other end was quicker
        handle.shutdown(socket.SHUT_RDWR)
