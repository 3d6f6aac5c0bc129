"""One request over the wire, and everything that can become of it."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import aiohttp

from blackstart.measures.layout import Failure
from blackstart.measures.probes.classify import Seen
from blackstart.model.outcome import Outcome


class Answer(NamedTuple):
    """A complete answer: status, headers, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Sent(NamedTuple):
    """A request's fate: an answer, or how it failed; stamps on the monotonic clock, in ns."""

    answer: Answer | None
    failed: Seen | None
    sent_ns: int
    ended_ns: int


def session() -> aiohttp.ClientSession:
    """A client without limits, retries, cookies or redirects: every request stands for itself."""
    client = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=4),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None),
    )
    # The library would silently send an idempotent request again when a kept connection turned out
    # to be closed. A probe is one request; there is no public switch (a test keeps watch).
    client._retry_connection = False  # noqa: SLF001
    return client


async def send(  # noqa: PLR0913
    client: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    json: Any = None,
    data: bytes | None = None,
    limit_s: float,
) -> Sent:
    """Send one request and wait at most ``limit_s`` for the whole answer. Never raises."""
    sent_ns = time.monotonic_ns()
    try:
        async with asyncio.timeout(limit_s):
            answer = await _exchange(client, method, url, headers=headers, json=json, data=data)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return Sent(None, _failure(error), sent_ns, time.monotonic_ns())
    return Sent(answer, None, sent_ns, time.monotonic_ns())


async def _exchange(client: aiohttp.ClientSession, method: str, url: str, **request: Any) -> Answer:
    async with client.request(method, url, allow_redirects=False, **request) as response:
        return Answer(response.status, response.headers, await response.read())


def _failure(error: Exception) -> Seen:
    if isinstance(error, aiohttp.ClientConnectorError):
        return Seen(Outcome.ERROR, Failure.NOT_CONNECTED)
    if isinstance(error, TimeoutError):
        return Seen(Outcome.TIMEOUT, Failure.NO_ANSWER)
    return Seen(Outcome.ERROR, Failure.CUT_OFF)
