"""The prober's control socket: one JSON object a line in, answers and events out."""

import asyncio
import json
from pathlib import Path
from typing import Any

from blackstart.measures.probes.audit import ReadBack
from blackstart.measures.probes.http import session
from blackstart.measures.probes.plan import ProbePlan
from blackstart.measures.probes.records import RecordFile
from blackstart.measures.probes.schedule import Schedule
from blackstart.measures.probes.sessions import Sessions
from blackstart.measures.probes.traffic import Traffic


class Control:
    """Carries out the commands of its one owner; when the owner leaves, the prober ends."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, records: Path
    ) -> None:
        """Listen on ``reader``, answer on ``writer``, write probes to ``records``."""
        self._reader, self._writer = reader, writer
        self._client = session()
        self._records = RecordFile(records)
        self._sessions: Sessions | None = None
        self._plan: ProbePlan
        self._traffic: Traffic
        self._schedule: Schedule

    async def serve(self) -> None:
        """Answer commands until the owner is gone, then close everything."""
        try:
            while line := await self._reader.readline():
                await self._obey(json.loads(line))
        finally:
            await self._close()

    async def _obey(self, command: dict[str, Any]) -> None:
        do = command.pop("do")
        try:
            answer = await getattr(self, f"_do_{do}")(**command)
        except (RuntimeError, ValueError) as error:
            self._say({"answer": do, "error": str(error)})
        else:
            self._say({"answer": do, **(answer or {})})
        await self._writer.drain()

    async def _do_begin(self, plan: dict[str, Any]) -> None:
        self._plan = ProbePlan.model_validate(plan)
        if self._plan.session is not None:
            self._sessions = Sessions(
                self._plan, self._plan.session, self._client, self._records, self._say
            )
            await self._sessions.begin()
        self._traffic = Traffic(self._plan, self._client, self._records, self._sessions, self._say)
        self._schedule = Schedule(self._traffic.fire)

    async def _do_rates(self, rates: dict[str, float]) -> None:
        self._schedule.set_rates(rates)

    async def _do_burst(self, role: str, requests: int) -> None:
        self._traffic.burst(role, requests)

    async def _do_replay(self) -> dict[str, object]:
        if self._sessions is None:
            raise RuntimeError("there are no sessions whose tokens could be presented")
        return {"replayed": await self._sessions.replay()}

    async def _do_flush(self) -> dict[str, object]:
        self._records.flush()
        return {}

    async def _do_stop(self) -> dict[str, object]:
        """Send nothing more, and let what flies end: each request has a limit of its own."""
        self._schedule.stop()
        if self._sessions is not None:
            await self._sessions.end()
        while self._traffic.flying:
            await asyncio.wait(set(self._traffic.flying))
        self._records.flush()
        return {"tried": {role: self._traffic.tried(role) for role in self._plan.role_names()}}

    async def _do_read_back(self, role: str, seqs: list[int]) -> dict[str, object]:
        back = ReadBack(self._plan, self._sessions, self._client, role)
        return dict(await back.read(seqs))

    def _say(self, what: dict[str, object]) -> None:
        self._writer.write(json.dumps(what).encode() + b"\n")

    async def _close(self) -> None:
        if self._sessions is not None:
            await self._sessions.end()
        self._records.close()
        await self._client.close()
        self._writer.close()


async def run(socket: Path, records: Path) -> None:
    """Serve one owner on ``socket``; returns when it has left."""
    done = asyncio.Event()

    async def own(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await Control(reader, writer, records).serve()
        finally:
            done.set()

    server = await asyncio.start_unix_server(own, socket, limit=16 * 1024 * 1024)
    async with server:
        await done.wait()
