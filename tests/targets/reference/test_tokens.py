from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest

from blackstart.targets.reference.auth.keyring_file import KeyringFile
from blackstart.targets.reference.auth.tokens import Kind, TokenRefusedError, Tokens, User
from blackstart.targets.reference.guardrails import key_retirement

from .fakes import FakeClock
from .making import NEW, OLD, settings, write_keys

KINDS: list[Kind] = ["access", "refresh"]
GRACE_S = 10.0


class Desk:
    """Tokens over a key file, with a rotation at hand."""

    def __init__(self, path: Path, clock: FakeClock, off: str) -> None:
        self.clock = clock
        self.user = User(id=uuid4(), username="ada")
        self._path = write_keys(path, ("old", OLD, clock() - 100))
        found = settings(path, GUARDRAILS_OFF=off, KEY_GRACE_S=str(GRACE_S))
        self.tokens = Tokens(
            KeyringFile(path, clock),
            retirement=key_retirement.build(found),
            ttl_s={"access": 60, "refresh": 3600},
            clock=clock,
        )

    def rotate(self) -> None:
        write_keys(self._path, ("old", OLD, self.clock() - 100), ("new", NEW, self.clock()))

    def issue(self, kind: Kind) -> str:
        token: str = self.tokens.issue(self.user)[f"{kind}_token"]
        return token

    def accepts(self, token: str, kind: Kind) -> bool:
        try:
            return self.tokens.verify(token, kind) == self.user
        except TokenRefusedError:
            return False


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock, request: pytest.FixtureRequest) -> Desk:
    return Desk(tmp_path / "keys.json", clock, getattr(request, "param", ""))


def without(*names: str) -> Any:
    return pytest.mark.parametrize("desk", [",".join(names)], indirect=True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_speaks_for_its_user_until_it_expires(desk: Desk, kind: Kind) -> None:
    token = desk.issue(kind)
    desk.clock.advance({"access": 60, "refresh": 3600}[kind] - 1)
    assert desk.accepts(token, kind)
    desk.clock.advance(1)
    assert not desk.accepts(token, kind)


def test_an_access_token_does_not_refresh_nor_the_other_way_round(desk: Desk) -> None:
    assert not desk.accepts(desk.issue("access"), "refresh")
    assert not desk.accepts(desk.issue("refresh"), "access")


def test_new_tokens_name_the_new_key(desk: Desk) -> None:
    assert jwt.get_unverified_header(desk.issue("access"))["kid"] == "old"
    desk.rotate()
    assert jwt.get_unverified_header(desk.issue("access"))["kid"] == "new"


@pytest.mark.parametrize("kind", KINDS)
def test_the_old_key_is_accepted_in_the_grace_and_refused_after(desk: Desk, kind: Kind) -> None:
    token = desk.issue(kind)
    desk.rotate()
    desk.clock.advance(GRACE_S - 0.1)
    assert desk.accepts(token, kind)
    desk.clock.advance(0.2)
    assert not desk.accepts(token, kind)
    assert desk.accepts(desk.issue(kind), kind)


@without("key-grace")
def test_without_grace_the_old_key_is_refused_at_once(desk: Desk) -> None:
    token = desk.issue("access")
    assert desk.accepts(token, "access")
    desk.rotate()
    assert not desk.accepts(token, "access")


@without("key-retirement")
def test_without_retirement_the_old_key_is_accepted_for_ever(desk: Desk) -> None:
    token = desk.issue("refresh")
    desk.rotate()
    desk.clock.advance(GRACE_S * 100)
    assert desk.accepts(token, "refresh")


def test_a_forged_signature_an_unknown_key_and_rubbish_are_refused(desk: Desk) -> None:
    claims = jwt.decode(desk.issue("access"), options={"verify_signature": False})
    forged = jwt.encode(claims, NEW, "HS256", headers={"kid": "old"})
    unknown = jwt.encode(claims, OLD, "HS256", headers={"kid": "nobody's"})
    unsigned = jwt.encode(claims, "", "none", headers={"kid": "old"})
    assert not any(desk.accepts(t, "access") for t in (forged, unknown, unsigned, "rubbish", ""))
    assert desk.accepts(jwt.encode(claims, OLD, "HS256", headers={"kid": "old"}), "access")
