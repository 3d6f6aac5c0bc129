"""What every member can do, whichever service it is."""

from typing import Any

import boto3
import psutil
import psycopg
import pytest
import redis
from botocore.exceptions import ClientError

from blackstart.model.capabilities import (
    Killable,
    Pausable,
    Pingable,
    Proxied,
    Recreatable,
    Restartable,
    Sql,
    Startable,
    Stoppable,
)
from blackstart.model.errors import UsageError
from blackstart.stacks.member import ProcessMember
from blackstart.stacks.processes import ProcessStack

from .waiting import eventually

NAMES = ("postgres", "redis", "s3", "light")
DURABLE = ("postgres", "redis", "s3")
EVERY = (
    Killable,
    Startable,
    Stoppable,
    Restartable,
    Pausable,
    Recreatable,
    Pingable,
    Proxied,
)
LIMIT_S = 2.0


@pytest.fixture
def member(request: pytest.FixtureRequest, stack: ProcessStack) -> ProcessMember:
    """One member, running."""
    found = stack.members[request.param]
    assert isinstance(found, ProcessMember)
    found.start()
    return found


def both_ways(member: ProcessMember, limit_s: float = LIMIT_S) -> tuple[bool, bool]:
    """Whether it answers past the proxy, and through it."""
    ways = (member.ping_s(direct=direct, limit_s=limit_s) for direct in (True, False))
    direct, through = (answer is not None for answer in ways)
    return direct, through


def bucket(at: dict[str, str], name: str) -> Any:
    return boto3.resource(
        "s3",
        endpoint_url=at[f"{name}.url"],
        aws_access_key_id=at[f"{name}.access_key"],
        aws_secret_access_key=at[f"{name}.secret_key"],
        region_name=at[f"{name}.region"],
    ).Bucket(at[f"{name}.bucket"])


def store(stack: ProcessStack, name: str) -> None:
    """Put something into a member, as a client does: through the proxy."""
    if name == "postgres":
        with psycopg.connect(stack.addresses["postgres.url"], autocommit=True) as connection:
            connection.execute("create table kept (n int)")
            connection.execute("insert into kept values (1)")
    elif name == "redis":
        with redis.Redis.from_url(stack.addresses["redis.url"]) as client:
            client.set("kept", "1")
    else:
        bucket(stack.addresses, name).put_object(Key="kept", Body=b"1")


def stored(stack: ProcessStack, name: str) -> bool:
    """Whether it is still there."""
    if name == "postgres":
        with psycopg.connect(stack.addresses["postgres.url"]) as connection:
            row = connection.execute("select to_regclass('kept') is not null").fetchone()
            return row == (True,)
    if name == "redis":
        with redis.Redis.from_url(stack.addresses["redis.url"]) as client:
            return client.get("kept") == b"1"
    return [item.key for item in bucket(stack.addresses, name).objects.all()] == ["kept"]


@pytest.mark.parametrize("name", NAMES)
def test_it_has_every_capability(stack: ProcessStack, name: str) -> None:
    for capability in EVERY:
        stack.members.able(name, capability)


def test_only_postgres_speaks_sql(stack: ProcessStack) -> None:
    assert [name for name in stack.members if isinstance(stack.members[name], Sql)] == ["postgres"]


@pytest.mark.parametrize("member", NAMES, indirect=True)
def test_it_answers_and_the_proxy_sees_it(member: ProcessMember) -> None:
    before = member.link.counters()
    assert both_ways(member) == (True, True)
    after = member.link.counters()
    assert after.accepted > before.accepted
    assert after.bytes_down > before.bytes_down


@pytest.mark.parametrize("member", NAMES, indirect=True)
def test_it_listens_on_loopback_only(member: ProcessMember) -> None:
    parent = psutil.Process(member.pid)
    everyone = [parent, *parent.children(recursive=True)]
    sockets = [socket for process in everyone for socket in process.net_connections("inet")]
    open_at = {socket.laddr.ip for socket in sockets if socket.status == psutil.CONN_LISTEN}
    assert open_at == {"127.0.0.1"}


@pytest.mark.parametrize("member", NAMES, indirect=True)
def test_a_cut_link_stops_clients_and_not_us(member: ProcessMember) -> None:
    cut = member.link.add("refuse", stream="downstream", attributes={})
    assert both_ways(member, 0.5) == (True, False)
    member.link.remove(cut)
    assert both_ways(member) == (True, True)


@pytest.mark.parametrize("member", NAMES, indirect=True)
def test_toxics_of_one_kind_stand_beside_each_other(member: ProcessMember) -> None:
    delay = {"latency": 100}
    names = [member.link.add("latency", stream="downstream", attributes=delay) for _ in range(2)]
    slow = member.ping_s(direct=False, limit_s=LIMIT_S)
    for name in (*names, *names):  # the second time they are gone, and that is no error
        member.link.remove(name)
    quick = member.ping_s(direct=False, limit_s=LIMIT_S)
    assert slow is not None and quick is not None and slow > 0.2 > quick


@pytest.mark.parametrize("member", NAMES, indirect=True)
def test_killed_it_is_gone_and_started_it_is_back_at_its_port(member: ProcessMember) -> None:
    port = member.direct_port
    ended = member.kill()
    assert ended.code == -9
    assert not member.alive()
    assert both_ways(member, 0.5) == (False, False)
    member.start()
    assert member.alive()
    assert member.direct_port == port
    # The proxy looks every 20 ms whether what is behind it is back.
    assert eventually(lambda: both_ways(member) == (True, True), limit_s=1.0)


@pytest.mark.parametrize("member", NAMES, indirect=True)
def test_paused_it_answers_nobody_and_resumed_everybody(member: ProcessMember) -> None:
    member.pause()
    assert member.alive()
    assert both_ways(member, 0.3) == (False, False)
    member.resume()
    assert both_ways(member) == (True, True)


@pytest.mark.parametrize("member", NAMES, indirect=True)
def test_restarted_it_is_another_process(member: ProcessMember) -> None:
    before = member.pid
    member.restart()
    assert member.pid != before
    assert both_ways(member)[0]
    stopped = member.stop()
    assert stopped is not None and stopped.pid == member.pid
    assert member.stop() is None


@pytest.mark.parametrize("member", NAMES, indirect=True)
def test_the_disk_of_a_running_member_is_not_discarded(member: ProcessMember) -> None:
    with pytest.raises(UsageError, match=f"{member.name} runs"):
        member.discard_disk()


@pytest.mark.parametrize("member", DURABLE, indirect=True)
def test_a_kill_loses_nothing_and_a_discarded_disk_everything(
    member: ProcessMember, stack: ProcessStack
) -> None:
    store(stack, member.name)
    member.kill()
    member.start()
    assert stored(stack, member.name)
    member.kill()
    member.discard_disk()
    member.start()
    assert not stored(stack, member.name)


@pytest.mark.parametrize("member", ["light"], indirect=True)
def test_the_light_one_loses_all_with_its_process(
    member: ProcessMember, stack: ProcessStack
) -> None:
    store(stack, member.name)
    assert stored(stack, member.name)
    member.kill()
    member.start()
    assert not stored(stack, member.name)


def test_s3_refuses_a_wrong_secret(stack: ProcessStack) -> None:
    at = {**stack.addresses, "s3.secret_key": "wrong"}
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        bucket(at, "s3").put_object(Key="wrong", Body=b"1")


def test_secrets_are_named_and_in_no_argument_list(stack: ProcessStack) -> None:
    secrets = stack.secrets
    assert {stack.addresses["s3.secret_key"], stack.addresses["light.secret_key"]} == set(secrets)
    children = psutil.Process().children(recursive=True)
    argv = " ".join(word for child in children for word in child.cmdline())
    assert not [secret for secret in secrets if secret in argv]
