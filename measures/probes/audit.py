"""Reads acknowledged writes back through the target and compares their bytes."""

import asyncio
from dataclasses import dataclass, field

import aiohttp

from blackstart.measures.probes import templates
from blackstart.measures.probes.http import Answer, send
from blackstart.measures.probes.plan import ProbePlan
from blackstart.measures.probes.sessions import Sessions
from blackstart.model.configuration import HttpAudit, RoleConfig

_AT_ONCE = 8
_LIMIT_S = 5.0


@dataclass
class ReadBack:
    """Fetches writes of one role again; the lists hold their numbers by what came back."""

    plan: ProbePlan
    sessions: Sessions | None
    client: aiohttp.ClientSession
    role: str
    found: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    corrupt: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)

    async def read(self, seqs: list[int]) -> dict[str, list[int]]:
        """Fetch each write in ``seqs``, spread over the instances."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(seq: int) -> None:
            async with gate:
                self._sort_in(seq, await self._fetch(seq))

        await asyncio.gather(*(one(seq) for seq in seqs))
        lists = (self.found, self.missing, self.corrupt, self.unreadable)
        return dict(zip(("found", "missing", "corrupt", "unreadable"), lists, strict=True))

    @property
    def _config(self) -> RoleConfig:
        return self.plan.roles[self.role]

    async def _fetch(self, seq: int) -> Answer | None:
        if not isinstance(self._config.audit, HttpAudit):
            raise TypeError(f"{self.role} is not audited over HTTP")
        known = templates.values(self.plan.seed, self.role, seq, 0)
        method, path = str(templates.fill(self._config.audit.request, known)).split(" ", 1)
        headers = dict(self.plan.header)
        if self._config.session and self.sessions is not None:
            headers["Authorization"] = f"Bearer {self.sessions.user_of(seq).access}"
        url = self.plan.bases[seq % len(self.plan.bases)] + path
        sent = await send(self.client, method, url, headers=headers, limit_s=_LIMIT_S)
        return sent.answer

    def _sort_in(self, seq: int, answer: Answer | None) -> None:
        """404 and 410 say that it is missing; other failures say nothing about it."""
        if answer is not None and answer.status in self._config.good:
            same = self._same(seq, answer.body)
            (self.found if same else self.corrupt).append(seq)
        elif answer is not None and answer.status in (404, 410):
            self.missing.append(seq)
        else:
            self.unreadable.append(seq)

    def _same(self, seq: int, came_back: bytes) -> bool:
        size = self._config.body_bytes
        return size is None or came_back == templates.body(self.plan.seed, self.role, seq, size)
