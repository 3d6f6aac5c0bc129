"""The application with nothing to connect to: every refusal, and no service needed."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from blackstart.targets.reference.app import create_app
from blackstart.targets.reference.auth.tokens import User

from .making import OLD, ask, settings, write_keys

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("no_pauses")]

AppOf = Callable[..., AbstractAsyncContextManager[Any]]
EVENT = json.dumps({"id": str(uuid4()), "seq": 1, "kind": "a"}).encode()


@pytest.fixture
def app_without(tmp_path: Path) -> AppOf:
    """Start the application with some guardrails off."""

    @asynccontextmanager
    async def start(off: str = "") -> AsyncIterator[Any]:
        keys = write_keys(tmp_path / "keys.json", ("old", OLD, 0.0))
        app = create_app(settings(keys, GUARDRAILS_OFF=off))
        async with app.router.lifespan_context(app):
            yield app

    return start


def token_of(app: Any) -> str:
    token: str = app.state.services.tokens.issue(User(id=uuid4(), username="ada"))["access_token"]
    return token


async def test_a_database_that_is_out_is_503_with_a_time_to_come_back(app_without: AppOf) -> None:
    async with app_without() as app:
        answer = await ask(app, "POST", "/api/events", body=EVENT, token=token_of(app))
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) >= 1


async def test_without_the_breaker_it_is_a_bare_500(
    app_without: AppOf, caplog: pytest.LogCaptureFixture
) -> None:
    async with app_without("breaker") as app:
        answer = await ask(app, "POST", "/api/events", body=EVENT, token=token_of(app))
    assert (answer.status, answer.body) == (500, b"Internal Server Error")
    assert "retry-after" not in answer.headers
    assert "POST /api/events failed" in caplog.messages


async def test_without_a_good_token_it_is_401(app_without: AppOf) -> None:
    async with app_without() as app:
        for token in (None, "rubbish"):
            answer = await ask(app, "POST", "/api/events", body=EVENT, token=token)
            assert answer.status == 401
            assert answer.headers["www-authenticate"] == "Bearer"
        assert (await ask(app, "GET", "/api/auth/me", token=token_of(app))).status == 200


async def test_a_session_goes_on_without_a_database(app_without: AppOf) -> None:
    async with app_without() as app:
        issued = app.state.services.tokens.issue(User(id=uuid4(), username="ada"))
        body = json.dumps({"refresh_token": issued["refresh_token"]}).encode()
        answer = await ask(app, "POST", "/api/auth/refresh", body=body)
        assert answer.status == 200
        assert {"access_token", "refresh_token", "token_type", "expires_in"} == set(answer.json())


@pytest.mark.parametrize(
    ("off", "status", "said"), [("", 503, "down"), ("truthful-health", 200, "ok")]
)
async def test_health_says_that_the_database_is_out(
    app_without: AppOf, off: str, status: int, said: str
) -> None:
    async with app_without(off) as app:
        answer = await ask(app, "GET", "/health")
        assert (answer.status, answer.json()["status"]) == (status, said)
        assert (await ask(app, "GET", "/health/live")).status == 200


async def test_a_read_without_a_copy_is_refused_and_without_redis_fallback_fails(
    app_without: AppOf,
) -> None:
    async with app_without() as app:
        assert (await ask(app, "GET", "/api/patterns")).status == 503
    async with app_without("memory-fallback") as app:
        assert (await ask(app, "GET", "/api/patterns")).status == 500


async def test_requests_are_counted_by_route_not_by_path(app_without: AppOf) -> None:
    async with app_without() as app:
        for name in ("a", "b"):
            await ask(app, "GET", f"/api/uploads/{name}", token=token_of(app))
        text = (await ask(app, "GET", "/metrics")).body.decode()
    assert 'reference_requests_total{route="/api/uploads/{name}",status="501"} 2.0' in text


@pytest.mark.parametrize("name", [".hidden", "..", "a b", "x" * 201])
async def test_an_upload_s_name_is_never_a_path(app_without: AppOf, name: str) -> None:
    async with app_without() as app:
        answer = await ask(app, "PUT", f"/api/uploads/{name}", body=b"x", token=token_of(app))
        assert answer.status == 422
