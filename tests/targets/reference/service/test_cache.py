"""Patterns from the cache: what the headers say is so."""

import re

import redis

from .client import Client, event
from .conftest import House
from .waiting import eventually, toxic


def forget(house: House) -> None:
    """Empty the cache."""
    with redis.Redis.from_url(house.stack.addresses["redis.url"]) as store:
        store.flushall()


def count_of(answer: object, kind: str) -> int:
    patterns = answer.json["patterns"]  # type: ignore[attr-defined]
    return sum(one["count"] for one in patterns if one["kind"] == kind)


def test_the_first_reader_computes_and_the_second_is_served_from_the_cache(
    house: House, client: Client
) -> None:
    forget(house)
    first, second = client.read(), client.read()
    assert first.cache == "reference; fwd=uri-miss; stored"
    assert re.fullmatch(r"reference; hit; ttl=\d+", second.cache)
    assert second.body == first.body
    assert not {"age", "x-degraded"} & (set(first.headers) | set(second.headers))


def test_a_copy_is_served_while_it_is_fresh_and_then_computed_anew(
    house: House, client: Client
) -> None:
    forget(house)
    kind = event()["id"]
    assert count_of(client.read(), str(kind)) == 0
    client.write(event(kind=kind))
    assert count_of(client.read(), str(kind)) == 0
    assert eventually(lambda: count_of(client.read(), str(kind)) == 1)


def test_without_redis_readers_are_served_from_memory_and_told_so(
    house: House, client: Client
) -> None:
    for kind in ("refuse", "stall"):
        with toxic(house.link("redis"), kind):
            assert eventually(lambda: client.read().headers.get("x-degraded") == "redis")
            answer = client.read()
            assert (answer.status, answer.headers["x-degraded"]) == (200, "redis")
            assert client.write().status == 201
        assert eventually(lambda: "x-degraded" not in client.read().headers)
