"""One plain client of the reference service, and one that keeps its connection."""

import base64
import http.client
import json
import socket
import uuid
from dataclasses import dataclass
from typing import Any


def ask(port: int, request: str, body: object = None, *, token: str = "") -> tuple[int, Any]:
    """Status and JSON of one request on a connection of its own; raises ``OSError``."""
    method, path = request.split(" ")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    try:
        connection.request(method, path, json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
    return answer.status, json.loads(text) if text[:1] in b"{[" else text


@dataclass
class User:
    """Somebody signed in."""

    port: int
    access: str = ""
    refresh_token: str = ""

    def sign_in(self) -> None:
        name, secret = uuid.uuid4().hex, "correct horse"
        who = {"email": f"{name}@example.org", "username": name, "password": secret}
        assert ask(self.port, "POST /api/auth/register", who)[0] == 201
        self._take(ask(self.port, "POST /api/auth/login", who))

    def refresh(self) -> None:
        self._take(ask(self.port, "POST /api/auth/refresh", {"refresh_token": self.refresh_token}))

    def is_known(self) -> bool:
        return ask(self.port, "GET /api/auth/me", token=self.access)[0] == 200

    def writes(self) -> bool:
        """Whether one event of ours is taken."""
        event = {"id": str(uuid.uuid4()), "seq": 1, "kind": "test"}
        try:
            return ask(self.port, "POST /api/events", event, token=self.access)[0] == 201
        except OSError:
            return False

    @property
    def kid(self) -> str:
        """Which key signed our token."""
        head = self.access.split(".")[0]
        return str(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"])

    def _take(self, answer: tuple[int, Any]) -> None:
        status, tokens = answer
        assert status == 200, tokens
        self.access, self.refresh_token = tokens["access_token"], tokens["refresh_token"]


class Kept:
    """A client that keeps one connection, and asks one question on it."""

    def __init__(self, port: int, question: bytes, answer_end: bytes) -> None:
        self._port, self._question, self._answer_end = port, question, answer_end
        self._socket = socket.socket()
        self.connect()

    def connect(self) -> None:
        self._socket.close()
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=5)

    def is_lost(self) -> bool:
        """Whether the question is not answered on the connection that we have."""
        try:
            self._socket.sendall(self._question)
            answer = b""
            while not answer.endswith(self._answer_end):
                part = self._socket.recv(4096)
                answer += part
                if not part:
                    return True
        except OSError:
            return True
        return False

    def close(self) -> None:
        self._socket.close()
