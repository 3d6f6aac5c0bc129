"""With the database out of reach: writes are refused at once, reads are old and say so."""

import time

import pytest

from .client import Client
from .conftest import House
from .waiting import eventually, toxic


@pytest.mark.parametrize("kind", ["stall", "refuse"])
def test_the_breaker_refuses_at_once_until_it_is_over(
    house: House, client: Client, kind: str
) -> None:
    with toxic(house.link("postgres"), kind):
        first = [client.write() for _ in range(3)]
        assert {answer.status for answer in first} <= {503, 504}
        assert eventually(lambda: "breaker open" in client.write().json["detail"])
        began_s = time.monotonic()
        answer = client.write()
        took_s = time.monotonic() - began_s
        assert answer.status == 503
        assert 1 <= int(answer.headers["retry-after"]) <= 2
        assert took_s < 0.2
    assert eventually(lambda: client.write().status == 201)


def test_readers_get_the_last_good_answer_and_are_told_its_age(
    house: House, client: Client
) -> None:
    fresh = client.read()
    with toxic(house.link("postgres"), "stall"):
        assert eventually(lambda: "stale-if-error" in client.read().cache)
        stale = client.read()
        assert stale.status == 200
        assert set(stale.json) == set(fresh.json)
        assert stale.cache.startswith("reference; hit; ttl=-")
        assert int(stale.headers["age"]) >= 0
    assert eventually(lambda: "age" not in client.read().headers)


def test_a_session_needs_no_database(house: House, client: Client) -> None:
    with toxic(house.link("postgres"), "refuse"):
        client.take(client.refresh())
        assert client.ask("GET /api/auth/me").status == 200


def failures(client: Client) -> float:
    """How many attempts on the database have failed."""
    lines = client.ask("GET /metrics").body.decode().splitlines()
    return sum(
        float(one.split()[-1]) for one in lines if one.startswith("reference_db_failures_total")
    )


def test_a_restarted_database_costs_not_even_an_attempt(house: House, client: Client) -> None:
    """The pool's connections are all dead; each is renewed when it is taken."""
    assert client.write().status == 201
    before = failures(client)
    house.postgres.restart()
    # The proxy looks every 20 ms whether what is behind it is back.
    assert eventually(lambda: house.postgres.ping_s(direct=False, limit_s=0.5) is not None)
    assert [client.write().status for _ in range(6)] == [201] * 6
    assert failures(client) == before
