"""Keeps simulated users signed in, as a client application would, and tells when it could not."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import aiohttp

from blackstart.measures.layout import Failure
from blackstart.measures.probes import classify, templates
from blackstart.measures.probes.classify import Seen
from blackstart.measures.probes.http import Answer, Sent, send
from blackstart.measures.probes.plan import REFRESH, ProbePlan
from blackstart.measures.probes.records import Due, RecordFile
from blackstart.measures.probes.users import User, expires_in_s, key_id, make_users
from blackstart.model.configuration import SessionConfig

Tell = Callable[[dict[str, object]], None]
_LIMIT_S = 5.0
_GOOD = (200, 201)


class Sessions:
    """Users, their tokens, and one token kept of each signing key (in memory only)."""

    def __init__(
        self,
        plan: ProbePlan,
        config: SessionConfig,
        client: aiohttp.ClientSession,
        records: RecordFile,
        tell: Tell,
    ) -> None:
        """Nobody is signed in until ``begin``."""
        self._plan, self._config, self._client = plan, config, client
        self._records, self._tell = records, tell
        self.users = make_users(plan.seed, config.users)
        self._tokens: dict[str, str] = {}
        self._refreshes = 0
        self._loops: list[asyncio.Task[None]] = []
        self._due: dict[int, asyncio.Event] = {u.number: asyncio.Event() for u in self.users}

    def user_of(self, seq: int) -> User:
        """The user for request ``seq``."""
        return self.users[seq % len(self.users)]

    def refresh_soon(self, user: User) -> None:
        """A request of ``user`` was rejected: refresh without waiting for the next turn."""
        self._due[user.number].set()

    async def begin(self) -> None:
        """Register and sign in every user. Raises ``RuntimeError`` saying what was answered."""
        await asyncio.gather(*(self._join(user) for user in self.users))
        self._loops = [asyncio.create_task(self._keep(user)) for user in self.users]

    async def end(self) -> None:
        """Stop refreshing."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)

    async def replay(self) -> list[dict[str, object]]:
        """Present the token of the first key and of the newest to every instance.

        One record for each: key, instance, status (0 without an answer), seconds to its expiry.
        """
        kept = list(self._tokens.items())
        chosen = dict([kept[0], kept[-1]])
        return [
            await self._present(kid, token, instance, oldest=kid == kept[0][0])
            for kid, token in chosen.items()
            for instance in range(len(self._plan.bases))
        ]

    async def _present(
        self, kid: str, token: str, instance: int, *, oldest: bool
    ) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {token}"}
        sent = await self._ask(self._config.check, None, {}, instance, headers)
        return {
            "kid": kid,
            "oldest": oldest,
            "instance": instance,
            "status": sent.answer.status if sent.answer else 0,
            "expires_in_s": expires_in_s(token),
        }

    async def _join(self, user: User) -> None:
        if self._config.register_ is not None:
            sent = await self._ask(
                self._config.register_, self._config.register_json, user.known(), user.number
            )
            _must(sent, "register")
        sent = await self._sign_in(user)
        _must(sent, "sign in")

    async def _sign_in(self, user: User) -> Sent:
        config = self._config
        sent = await self._ask(config.sign_in, config.sign_in_json, user.known(), user.number)
        if sent.answer is not None and sent.answer.status in _GOOD:
            self._take(user, sent.answer, sent.ended_ns)
        return sent

    def _take(self, user: User, answer: Answer, at_ns: int) -> None:
        kid = user.take(answer, self._config)
        if kid is not None:
            self._tokens[kid] = user.access
            self._tell({"event": "token", "at_ns": at_ns, "kid": kid, "user": user.number})

    async def _keep(self, user: User) -> None:
        """Refresh at the client's own pace; users take turns, and a rejection hurries it."""
        every_s = self._config.refresh_every_s
        wait_s = every_s * (user.number + 1) / len(self.users)
        while True:
            try:
                async with asyncio.timeout(wait_s):
                    await self._due[user.number].wait()
            except TimeoutError:
                pass  # its ordinary turn
            self._due[user.number].clear()
            await self._refresh(user)
            wait_s = every_s

    async def _refresh(self, user: User) -> None:
        config, due = self._config, self._due_now(user)
        sent = await self._ask(config.refresh, config.refresh_json, user.known(), due.instance)
        seen = sent.failed or _seen(sent.answer)
        self._records.add(due, sent, seen)
        if sent.answer is not None and sent.answer.status in _GOOD:
            self._take(user, sent.answer, sent.ended_ns)
        elif seen.failure in (Failure.UNAUTHORIZED, Failure.REJECTED):
            await self._thrown_out(user, sent)

    def _due_now(self, user: User) -> Due:
        number = self._refreshes
        self._refreshes += 1
        return Due(
            role=self._plan.role_names().index(REFRESH),
            seq=number,
            instance=number % len(self._plan.bases),
            at_ns=time.monotonic_ns(),
            user=user.number,
        )

    async def _thrown_out(self, user: User, sent: Sent) -> None:
        """Signing in again in silence is what a forced logout looks like to the server."""
        self._tell(
            {
                "event": "logout",
                "at_ns": sent.ended_ns,
                "user": user.number,
                "status": sent.answer.status if sent.answer else 0,
                "kid": key_id(user.refresh),
            }
        )
        await self._sign_in(user)

    async def _ask(
        self,
        request: str,
        template: dict[str, Any] | None,
        known: dict[str, object],
        instance: int,
        headers: dict[str, str] | None = None,
    ) -> Sent:
        method, path = request.split(" ", 1)
        return await send(
            self._client,
            method,
            self._plan.bases[instance % len(self._plan.bases)] + path,
            headers={**self._plan.header, **(headers or {})},
            json=templates.fill(template, known) if template else None,
            limit_s=_LIMIT_S,
        )


def _seen(answer: Answer | None) -> Seen:
    if answer is None:
        raise RuntimeError("a refresh ended neither with an answer nor with a failure")
    return classify.answer(answer.status, answer.headers, _GOOD)


def _must(sent: Sent, what: str) -> None:
    if sent.answer is not None and sent.answer.status in _GOOD:
        return
    said = f"{sent.answer.status} {sent.answer.body[:200]!r}" if sent.answer else "no answer"
    raise RuntimeError(f"a simulated user could not {what}: {said}")
