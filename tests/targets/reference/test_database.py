import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from blackstart.targets.reference.database.engine import build_engine
from blackstart.targets.reference.database.liveness import is_readable
from blackstart.targets.reference.database.probe import PostgresProbe
from blackstart.targets.reference.errors import DeadlineError
from blackstart.targets.reference.guardrails.shedding import Deadline

from .making import settings

pytestmark = pytest.mark.anyio


class MuteServer:
    """Takes connections and bytes, and never answers."""

    def __init__(self) -> None:
        self.open = 0
        self.left = asyncio.Event()
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        while await reader.read(65536):
            pass
        self.open -= 1
        self.left.set()
        writer.close()


@pytest.fixture
async def mute() -> AsyncIterator[MuteServer]:
    found = MuteServer()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found


async def test_giving_up_a_connecting_closes_it_without_waiting_for_the_collector(
    mute: MuteServer,
) -> None:
    engine = build_engine(
        settings(DATABASE_URL=f"postgresql://nobody@127.0.0.1:{mute.port}/none?sslmode=disable")
    )

    async def query() -> None:
        async with engine.connect() as connection:
            await connection.execute(text("select 1"))

    with pytest.raises(DeadlineError):
        await Deadline(0.1).run(query)
    await asyncio.wait_for(mute.left.wait(), 2)
    assert mute.open == 0
    await engine.dispose()


async def test_a_database_that_does_not_answer_is_unreachable() -> None:
    assert await PostgresProbe("postgresql://nobody@127.0.0.1:1/none").look() == "unreachable"


async def test_a_postgres_answers_the_probe_without_a_session() -> None:
    async def postgres(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(8) == bytes.fromhex("0000000804d2162f")
        writer.write(b"N")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(postgres, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await PostgresProbe(f"postgresql://nobody@127.0.0.1:{port}/none").look() == "ok"


def test_a_closed_connection_is_readable_and_an_idle_one_is_not() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        assert not is_readable(ours.fileno())
        theirs.close()
        assert is_readable(ours.fileno())
