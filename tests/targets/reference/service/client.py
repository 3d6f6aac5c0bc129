"""A plain client of the reference service."""

import base64
import http.client
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What was answered; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def cache(self) -> str:
        """How the cache took part."""
        return self.headers["cache-status"]


@dataclass
class Client:
    """Asks one instance, each time on a connection of its own, with a token if there is one."""

    port: int
    token: str = ""
    refresh_token: str = ""

    def ask(self, request: str, body: object = None, *, limit_s: float = 10.0) -> Answer:
        """The answer to ``GET /path``; bytes are sent as they are, anything else as JSON."""
        method, path = request.split(" ")
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=limit_s)
        try:
            connection.request(method, path, content, headers)
            answer = connection.getresponse()
            said = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, said, answer.read())
        finally:
            connection.close()

    def sign_up(self) -> str:
        """Register somebody new and sign in; returns the name."""
        who = somebody()
        assert self.ask("POST /api/auth/register", who).status == 201
        self.take(self.ask("POST /api/auth/login", who))
        return who["username"]

    def take(self, answer: Answer) -> None:
        """Go on with the tokens of ``answer``."""
        assert answer.status == 200, answer
        self.token, self.refresh_token = answer.json["access_token"], answer.json["refresh_token"]

    def refresh(self) -> Answer:
        """Ask for new tokens."""
        return self.ask("POST /api/auth/refresh", {"refresh_token": self.refresh_token})

    def write(self, new: Mapping[str, object] | None = None) -> Answer:
        """Send an event."""
        return self.ask("POST /api/events", new or event())

    def read(self) -> Answer:
        """Ask for the patterns."""
        return self.ask("GET /api/patterns")


def somebody() -> dict[str, str]:
    """A registration that nobody has made."""
    name = f"user-{uuid.uuid4().hex}"
    return {"email": f"{name}@example.org", "username": name, "password": "correct horse"}


def event(**more: object) -> dict[str, object]:
    """An event that nobody has sent."""
    return {"id": str(uuid.uuid4()), "seq": 1, "kind": "test", "payload": {"n": 1}, **more}


def kid_of(token: str) -> str:
    """Which key signed a token."""
    head = token.split(".", maxsplit=1)[0]
    return str(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"])
