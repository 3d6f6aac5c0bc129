"""Redis faults against a real Valkey; what was written is asked past the proxy."""

import socket
from collections.abc import Iterator

import pytest
import redis

from blackstart.proxy.client import Proxy

from . import services
from .running import Running, nothing_comes, receive


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with services.valkey() as port:
        yield port


@pytest.fixture
def direct(port: int) -> Iterator["redis.Redis"]:
    with redis.Redis(port=port, decode_responses=True) as client:
        client.flushall()
        yield client


@pytest.fixture
def proxy(proxies: Running, port: int, direct: object) -> Proxy:
    return proxies.create(f"127.0.0.1:{port}")


@pytest.fixture
def client(proxy: Proxy) -> Iterator["redis.Redis"]:
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    retry = Retry(NoBackoff(), 0)
    with redis.Redis(port=proxy.port, decode_responses=True, retry=retry, protocol=3) as client:
        client.ping()
        yield client


@pytest.mark.parametrize(
    ("error", "expected", "write_fails", "read_fails"),
    [
        ("LOADING", redis.exceptions.BusyLoadingError, True, True),
        ("READONLY", redis.exceptions.ReadOnlyError, True, False),
        ("OOM", redis.exceptions.OutOfMemoryError, True, False),
    ],
)
def test_the_server_says_no_to_what_it_would(
    proxies: Running,
    proxy: Proxy,
    client: "redis.Redis",
    direct: "redis.Redis",
    error: str,
    expected: type[Exception],
    write_fails: bool,  # noqa: FBT001
    read_fails: bool,  # noqa: FBT001
) -> None:
    direct.set("key", "before")
    proxies.client.add_toxic(proxy.name, "redis_error", attributes={"error": error})
    with pytest.raises(expected):
        client.set("key", "after")
    if read_fails:
        with pytest.raises(expected):
            client.get("key")
    else:
        assert client.get("key") == "before"
    proxies.client.reset()
    assert client.set("key", "after")
    assert direct.get("key") == "after"


def test_memory_can_be_freed_while_none_is_left(
    proxies: Running, proxy: Proxy, client: "redis.Redis", direct: "redis.Redis"
) -> None:
    direct.set("key", "x")
    proxies.client.add_toxic(proxy.name, "redis_error", attributes={"error": "OOM"})
    assert client.delete("key") == 1


def test_a_pipeline_keeps_its_order(
    proxies: Running, proxy: Proxy, client: "redis.Redis", direct: "redis.Redis"
) -> None:
    direct.set("key", "value")
    proxies.client.add_toxic(proxy.name, "redis_error", attributes={"error": "READONLY"})
    pipeline = client.pipeline(transaction=False)
    for _ in range(50):
        pipeline.get("key").set("key", "other").get("key")
    answers = pipeline.execute(raise_on_error=False)
    assert [type(answer).__name__ for answer in answers] == ["str", "ReadOnlyError", "str"] * 50


def test_a_transaction_with_a_refused_command_does_nothing(
    proxies: Running, proxy: Proxy, client: "redis.Redis", direct: "redis.Redis"
) -> None:
    direct.set("key", "value")
    proxies.client.add_toxic(proxy.name, "redis_error", attributes={"error": "OOM"})
    pipeline = client.pipeline(transaction=True)
    pipeline.delete("key").set("key", "other")
    with pytest.raises(redis.exceptions.RedisError):
        pipeline.execute()
    assert direct.get("key") == "value"
    assert client.get("key") == "value", "the connection is out of step"


def test_the_lost_reply_of_a_write_leaves_the_write_behind(
    proxies: Running, proxy: Proxy, client: "redis.Redis", direct: "redis.Redis"
) -> None:
    proxies.client.add_toxic(proxy.name, "redis_lose_reply", attributes={"times": 1})
    assert client.get("counter") is None
    with pytest.raises(redis.exceptions.ConnectionError):
        client.incr("counter")
    assert direct.get("counter") == "1"
    assert client.incr("counter") == 2


def test_the_lost_reply_of_a_transaction_is_that_of_exec(
    proxies: Running, proxy: Proxy, client: "redis.Redis", direct: "redis.Redis"
) -> None:
    proxies.client.add_toxic(proxy.name, "redis_lose_reply")
    with pytest.raises(redis.exceptions.ConnectionError):
        client.pipeline(transaction=True).incr("counter").execute()
    assert direct.get("counter") == "1"


def test_a_lost_reply_can_leave_the_client_hanging(
    proxies: Running, proxy: Proxy, direct: "redis.Redis"
) -> None:
    proxies.client.add_toxic(proxy.name, "redis_lose_reply", attributes={"then": "hang"})
    sock = proxies.connect(proxy)
    sock.sendall(b"SET inline 1\r\n")
    assert nothing_comes(sock)
    assert direct.get("inline") == "1"


def test_chosen_commands_only(proxies: Running, proxy: Proxy, client: "redis.Redis") -> None:
    attributes = {"error": "LOADING", "commands": "get, hget"}
    proxies.client.add_toxic(proxy.name, "redis_error", attributes=attributes)
    client.set("key", "value")
    with pytest.raises(redis.exceptions.BusyLoadingError):
        client.get("key")


def test_large_values_and_nested_replies_pass(
    proxies: Running, proxy: Proxy, client: "redis.Redis"
) -> None:
    proxies.client.add_toxic(proxy.name, "redis_error", attributes={"commands": "NEVER"})
    value = "v" * 2_000_000
    client.set("large", value)
    assert client.get("large") == value
    client.rpush("list", *range(10_000))
    assert len(client.lrange("list", 0, -1)) == 10_000
    client.xadd("stream", {"a": "b"})
    assert client.execute_command("XREAD", "STREAMS", "stream", "0")


def test_a_subscriber_is_out_of_reach_and_the_log_says_so(
    proxies: Running, proxy: Proxy, direct: "redis.Redis"
) -> None:
    proxies.client.add_toxic(proxy.name, "redis_error", attributes={"commands": "NEVER"})
    with redis.Redis(port=proxy.port, decode_responses=True).pubsub() as subscriber:
        subscriber.subscribe("channel")
        assert subscriber.get_message(timeout=5) is not None
        direct.publish("channel", "hello")
        message = subscriber.get_message(timeout=5)
        assert message is not None
        assert message["data"] == "hello"
    assert "SUBSCRIBE" in proxies.wait_for_event("toxic_blind", proxy).detail


def test_tls_is_reported_and_passes(proxies: Running, silent_server: object) -> None:
    proxy = proxies.create(silent_server.address)  # type: ignore[attr-defined]
    proxies.client.add_toxic(proxy.name, "redis_error")
    client_hello = bytes.fromhex("16030100050100000100")
    proxies.connect(proxy).sendall(client_hello)
    upstream: socket.socket = silent_server.last()  # type: ignore[attr-defined]
    upstream.settimeout(5)
    assert receive(upstream, len(client_hello)) == client_hello
    assert "TLS" in proxies.wait_for_event("toxic_blind", proxy).detail
