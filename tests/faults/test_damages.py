"""Every damage bites, and what it says mends it does."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
import redis

from blackstart.faults.conformance import check_damage
from blackstart.faults.kill import Kill
from blackstart.faults.recreate import Recreate
from blackstart.faults.restart import Restart
from blackstart.faults.restart_empty import RestartEmpty
from blackstart.faults.rotate_key import RotateKey
from blackstart.model.capabilities import Pingable, Startable, Stoppable
from blackstart.model.faults import Damage
from blackstart.recovery.start import Start

from .asking import Kept, User, ask
from .cases import DAMAGES, title
from .conftest import Stage

QUESTIONS = {
    "redis": (b"PING\r\n", b"+PONG\r\n"),
    "target": (b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", b'{"status":"ok"}'),
}


@dataclass(frozen=True)
class Harm:
    """What a damage does, seen from the outside, and what is said to mend it."""

    harmed: Callable[[], bool]
    mend: Callable[[], object]


@pytest.fixture
def ends() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def port_of(stage: Stage, name: str) -> int:
    return stage.port if name == "target" else int(stage.stack.addresses[f"{name}.port"])


def answers(stage: Stage, name: str) -> bool:
    """Whether a client that comes anew is served."""
    if name != "target":
        asked = stage.members.able(name, Pingable)
        return asked.ping_s(direct=False, limit_s=0.5) is not None
    try:
        return bool(ask(stage.port, "GET /health/live")[0] == 200)
    except OSError:
        return False


def silence(stage: Stage, name: str, _: ExitStack) -> Harm:
    """Nobody answers; mended by the runbook's step."""
    start = Start(member=name)
    return Harm(lambda: not answers(stage, name), lambda: start.carry_out(stage.members))


def lost_connection(stage: Stage, name: str, ends: ExitStack) -> Harm:
    """Who was connected no longer is; the member has mended itself: who comes anew is served."""
    kept = Kept(port_of(stage, name), *QUESTIONS[name])
    ends.callback(kept.close)
    return Harm(kept.is_lost, kept.connect)


def emptiness(stage: Stage, _: str, ends: ExitStack) -> Harm:
    """What was stored is gone; mended by storing it again."""
    client = redis.Redis.from_url(stage.stack.addresses["redis.url"])
    ends.callback(client.close)
    client.set("kept", "1")
    return Harm(lambda: client.get("kept") is None, lambda: client.set("kept", "1"))


def old_key(stage: Stage, _: str, __: ExitStack) -> Harm:
    """Tokens are of a key that is no longer the newest; mended by refreshing within the grace."""
    user = stage.user

    def harmed() -> bool:
        newest = User(user.port, user.access, user.refresh_token)
        newest.refresh()
        assert user.is_known()  # the grace holds
        return newest.kid != user.kid

    return Harm(harmed, user.refresh)


HARMS: dict[type[Damage], Callable[[Stage, str, ExitStack], Harm]] = {
    Kill: silence,
    Restart: lost_connection,
    Recreate: lost_connection,
    RestartEmpty: emptiness,
    RotateKey: old_key,
}
DOWN = [damage for damage in DAMAGES if not isinstance(damage, RotateKey)]


@pytest.mark.parametrize("damage", DAMAGES, ids=title)
def test_a_damage_bites_and_is_mended(stage: Stage, damage: Damage, ends: ExitStack) -> None:
    harm = HARMS[type(damage)](stage, damage.member, ends)  # type: ignore[attr-defined]
    check_damage(damage, stage.members, harmed=harm.harmed, mend=harm.mend)


@pytest.mark.parametrize("damage", DOWN, ids=title)
def test_its_witness_says_no_of_a_member_that_was_down(stage: Stage, damage: Damage) -> None:
    name: str = damage.member  # type: ignore[attr-defined]
    stage.members.able(name, Stoppable).stop()
    try:
        witness = damage.strike(stage.members)
        assert (witness.bit, witness.text) == (False, f"{name}: was not running")
    finally:
        stage.members.able(name, Startable).start()
        assert answers(stage, name)


@pytest.mark.parametrize(("kind", "kept"), [(Restart, b"1"), (Recreate, None)])
def test_a_disk_outlives_a_restart_and_no_recreation(
    stage: Stage, kind: type[Restart | Recreate], kept: bytes | None
) -> None:
    with redis.Redis.from_url(stage.stack.addresses["redis.url"]) as client:
        client.set("on-disk", "1")
        assert kind(member="redis").strike(stage.members).bit
        assert client.get("on-disk") == kept
