"""Sends what is due and writes down how it ended."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import aiohttp

from blackstart.measures.layout import Failure
from blackstart.measures.probes import classify, templates
from blackstart.measures.probes.classify import Seen
from blackstart.measures.probes.http import Answer, Sent, send
from blackstart.measures.probes.plan import HEALTH, ProbePlan
from blackstart.measures.probes.records import Due, RecordFile
from blackstart.measures.probes.sessions import Sessions
from blackstart.model.configuration import RoleConfig

Tell = Callable[[dict[str, object]], None]


class Traffic:
    """The requests of one drill: numbered densely within each role, spread over instances."""

    def __init__(
        self,
        plan: ProbePlan,
        client: aiohttp.ClientSession,
        records: RecordFile,
        sessions: Sessions | None,
        tell: Tell,
    ) -> None:
        """Nothing is sent until ``fire`` is called."""
        self._plan, self._client, self._records = plan, client, records
        self._sessions, self._tell = sessions, tell
        self._next_seq = dict.fromkeys(plan.role_names(), 0)
        self._index = {role: index for index, role in enumerate(plan.role_names())}
        self._told: set[tuple[str, int, int]] = set()
        self.flying: set[asyncio.Task[None]] = set()

    def fire(self, role: str, at_ns: int) -> None:
        """Send the next request of ``role``, that was due at ``at_ns``."""
        due = self._due(role, at_ns)
        probe = self._health(due) if role == HEALTH else self._probe(role, due)
        task = asyncio.get_running_loop().create_task(probe)
        self.flying.add(task)
        task.add_done_callback(self.flying.discard)

    def _due(self, role: str, at_ns: int) -> Due:
        seq = self._next_seq[role]
        self._next_seq[role] += 1
        config = self._plan.roles.get(role)
        return Due(
            role=self._index[role],
            seq=seq,
            instance=seq % len(self._plan.bases),
            at_ns=at_ns,
            user=seq % len(self._sessions.users) if self._sessions else 0,
            writes=config is not None and config.writes,
        )

    def burst(self, role: str, requests: int) -> None:
        """Let ``requests`` of one role leave together, due at this instant."""
        now_ns = time.monotonic_ns()
        for _ in range(requests):
            self.fire(role, now_ns)

    def tried(self, role: str) -> int:
        """How many requests of ``role`` were sent so far."""
        return self._next_seq[role]

    async def _probe(self, role: str, due: Due) -> None:
        config = self._plan.roles[role]
        user = self._sessions.users[due.user] if config.session and self._sessions else None
        headers = {"Authorization": f"Bearer {user.access}"} if user else {}
        sent = await self.request(role, config, due, {**self._plan.header, **headers})
        seen = sent.failed or self._seen(sent.answer, config)
        if user is not None and self._sessions and seen.failure is Failure.UNAUTHORIZED:
            self._sessions.refresh_soon(user)
        self._records.add(due, sent, seen)
        self._tell_first(role, sent, seen)

    async def request(
        self, role: str, config: RoleConfig, due: Due, headers: dict[str, str]
    ) -> Sent:
        """The request of ``role`` that is due, as its template has it."""
        known = templates.values(self._plan.seed, role, due.seq, due.user)
        method, path = str(templates.fill(config.request, known)).split(" ", 1)
        size = config.body_bytes
        return await send(
            self._client,
            method,
            self._plan.bases[due.instance] + path,
            headers={**headers, **templates.fill(config.headers, known)},
            json=templates.fill(config.json_body, known),
            data=None if size is None else templates.body(self._plan.seed, role, due.seq, size),
            limit_s=config.limit_s,
        )

    def _seen(self, answer: Answer | None, config: RoleConfig) -> Seen:
        if answer is None:
            raise RuntimeError("a request ended neither with an answer nor with a failure")
        return classify.answer(answer.status, answer.headers, config.good)

    async def _health(self, due: Due) -> None:
        config = self._plan.health
        if config is None:
            raise RuntimeError("health was asked for without a health endpoint")
        method, path = config.request.split(" ", 1)
        sent = await send(
            self._client, method, self._plan.bases[due.instance] + path, headers={}, limit_s=2.0
        )
        seen = sent.failed or classify.health(
            sent.answer.status if sent.answer else 0, _told(sent.answer, config.field), config.well
        )
        self._records.add(due, sent, seen)

    def _tell_first(self, role: str, sent: Sent, seen: Seen) -> None:
        """The first answer of each kind of failure is told in words: evidence for people."""
        status = sent.answer.status if sent.answer else 0
        kind = (role, int(seen.failure), status)
        if seen.failure is Failure.NONE or kind in self._told:
            return
        self._told.add(kind)
        body = sent.answer.body[:200].decode(errors="replace") if sent.answer else ""
        self._tell(
            {
                "event": "note",
                "at_ns": sent.ended_ns,
                "text": f"first {role} {seen.failure.name.lower()}: {status or 'no answer'} {body}",
            }
        )


def _told(answer: Answer | None, field: str) -> Any:
    if answer is None:
        return None
    try:
        said = json.loads(answer.body)
    except ValueError:
        return None
    return said.get(field) if isinstance(said, dict) else None
