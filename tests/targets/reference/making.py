"""Settings, keys and requests for tests."""

import json
from pathlib import Path
from typing import Any

from blackstart.targets.reference.settings import Settings, read_settings

OLD, NEW = "o" * 40, "n" * 40


def write_keys(path: Path, *keys: tuple[str, str, float]) -> Path:
    """Replace a key file atomically, as operators do."""
    fresh = path.with_suffix(".new")
    listed = [{"kid": kid, "secret": secret, "active_at": at} for kid, secret, at in keys]
    fresh.write_text(json.dumps({"keys": listed}))
    fresh.replace(path)
    return path


def settings(keyring: Path | str = "keys.json", **environ: str) -> Settings:
    """Settings whose services are nowhere: connections to port 1 are refused at once."""
    return read_settings(
        {
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "KEYRING_FILE": str(keyring),
            **environ,
        }
    )


class Answer:
    """What an ASGI application answered."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status: int = messages[0]["status"]
        self.headers = {k.decode().lower(): v.decode() for k, v in messages[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in messages[1:])

    def json(self) -> Any:
        return json.loads(self.body)


async def ask(
    app: Any, method: str, path: str, *, body: bytes = b"", token: str | None = None
) -> Answer:
    """Ask an ASGI application without a server between."""
    headers = [(b"content-type", b"application/json")]
    if token:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    return Answer(sent)
