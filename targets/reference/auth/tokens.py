"""Tokens: issued and verified with the keyring alone, without asking a database."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import jwt

from blackstart.targets.reference.auth.keyring import Key
from blackstart.targets.reference.auth.keyring_file import KeyringFile
from blackstart.targets.reference.guardrails.key_retirement import KeyRetirement

Kind = Literal["access", "refresh"]
ALGORITHM = "HS256"


class TokenRefusedError(Exception):
    """The token opens nothing; the message says why."""


@dataclass(frozen=True, kw_only=True)
class User:
    """Who a token speaks for."""

    id: uuid.UUID
    username: str


class Tokens:
    """Issues and verifies tokens; ``clock`` is the wall clock, in seconds."""

    def __init__(
        self,
        keyring: KeyringFile,
        *,
        retirement: KeyRetirement,
        ttl_s: dict[Kind, int],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keyring = keyring
        self._retirement = retirement
        self._ttl_s = ttl_s
        self._clock = clock

    def issue(self, user: User) -> dict[str, Any]:
        """Make an access and a refresh token, signed with the active key."""
        key = self._keyring.current().signing_key(self._clock())
        return {
            "access_token": self._sign(user, "access", key),
            "refresh_token": self._sign(user, "refresh", key),
            "token_type": "bearer",
            "expires_in": self._ttl_s["access"],
        }

    def verify(self, token: str, kind: Kind) -> User:
        """Say whom a token speaks for; raise ``TokenRefusedError``."""
        try:
            key = self._key_of(token)
            # The clock is ours, so expiry is judged below and not by the library.
            claims = jwt.decode(
                token,
                key.secret,
                algorithms=[ALGORITHM],
                options={"require": ["sub", "exp"], "verify_exp": False, "verify_iat": False},
            )
            user = User(id=uuid.UUID(claims["sub"]), username=str(claims["name"]))
        except (jwt.InvalidTokenError, ValueError, KeyError) as error:
            raise TokenRefusedError("invalid token") from error
        if claims.get("kind") != kind:
            raise TokenRefusedError(f"not a token of kind {kind}")
        if claims["exp"] <= self._clock():
            raise TokenRefusedError("token expired")
        return user

    def _key_of(self, token: str) -> Key:
        keyring = self._keyring.current()
        key = keyring.find(jwt.get_unverified_header(token).get("kid"))
        if key is None:
            raise TokenRefusedError("unknown key")
        if self._retirement.refuses(keyring.retired_for_s(key, self._clock())):
            raise TokenRefusedError("key retired")
        return key

    def _sign(self, user: User, kind: Kind, key: Key) -> str:
        now_s = int(self._clock())
        claims = {
            "sub": str(user.id),
            "name": user.username,
            "kind": kind,
            "iat": now_s,
            "exp": now_s + self._ttl_s[kind],
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode(claims, key.secret, algorithm=ALGORITHM, headers={"kid": key.kid})
