"""Simulated users who sign in, refresh their tokens early, and notice when they are thrown out."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from blackstart.measures.probes.http import Answer
from blackstart.model.configuration import SessionConfig
from blackstart.model.seed import stream


@dataclass
class User:
    """One simulated user and the tokens held; a token is never written anywhere."""

    number: int
    name: str
    secret: str
    access: str = ""
    refresh: str = ""

    def known(self) -> dict[str, object]:
        """What ``{name}``, ``{secret}``, ``{access}`` and ``{refresh}`` stand for."""
        return {
            "user": self.number,
            "name": self.name,
            "secret": self.secret,
            "access": self.access,
            "refresh": self.refresh,
        }

    def take(self, answer: Answer, config: SessionConfig) -> str | None:
        """Keep the tokens of a sign-in or refresh; returns the id of the key that signed them.

        Raises ``ValueError`` when the answer holds none.
        """
        held: Any = json.loads(answer.body)
        try:
            self.access, self.refresh = held[config.access], held[config.refresh_token]
        except (KeyError, TypeError) as error:
            raise ValueError("the answer holds no tokens") from error
        return key_id(self.access)


def make_users(seed: int, count: int) -> list[User]:
    """Users whose names and secrets differ from run to run as the seed does."""
    random = stream(seed, "users")
    return [
        User(n, f"user{n}-{random.getrandbits(40):010x}", f"{random.getrandbits(96):024x}")
        for n in range(count)
    ]


def _part(token: str, index: int) -> dict[str, Any]:
    piece = token.split(".")[index]
    decoded: Any = json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    return decoded if isinstance(decoded, dict) else {}


def _read(token: str, index: int, field: str) -> Any:
    """A field of a JSON web token, unverified; ``None`` for tokens of another make."""
    if token.count(".") != 2:
        return None
    return _part(token, index).get(field)


def key_id(token: str) -> str | None:
    """The id of the key that signed ``token``, if it says so."""
    kid = _read(token, 0, "kid")
    return str(kid) if kid is not None else None


def expires_in_s(token: str, now_s: Callable[[], float] = time.time) -> float | None:
    """Seconds for which ``token`` claims to be valid still; ``None`` if it does not say."""
    exp = _read(token, 1, "exp")
    return float(exp) - now_s() if exp is not None else None
