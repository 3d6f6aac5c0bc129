"""``/health`` tells the truth about what is below."""

import pytest

from .client import Client
from .conftest import House, StartOf, client_of
from .waiting import eventually, toxic


@pytest.mark.parametrize("kind", ["refuse", "stall"])
@pytest.mark.parametrize(
    ("member", "component", "status", "said"),
    [
        ("postgres", "postgres", 503, "down"),
        ("redis", "redis", 200, "degraded"),
        ("s3", "storage", 200, "degraded"),
    ],
)
def test_what_is_out_is_named_and_only_that(
    house: House, client: Client, kind: str, member: str, component: str, status: int, said: str
) -> None:
    assert eventually(lambda: client.ask("GET /health").json == {"status": "ok"})
    with toxic(house.link(member), kind):
        answer = client.ask("GET /health")
        assert (answer.status, answer.json["status"]) == (status, said)
        out = [name for name, word in answer.json["components"].items() if word != "ok"]
        assert out == [component]
        assert client.ask("GET /health/live").status == 200
    assert eventually(lambda: client.ask("GET /health").json == {"status": "ok"})


def test_an_open_breaker_is_told_of(house: House, client: Client) -> None:
    with toxic(house.link("postgres"), "refuse"):
        assert eventually(lambda: "breaker open" in client.write().json["detail"])
    answer = client.ask("GET /health")
    assert answer.json["status"] == "degraded"
    assert answer.json["components"]["postgres"] == "breaker opened"
    assert eventually(lambda: client.write().status == 201)


def test_without_truthful_health_nothing_is_ever_wrong(house: House, started: StartOf) -> None:
    liar = client_of(started(GUARDRAILS_OFF="truthful-health"))
    with toxic(house.link("postgres"), "refuse"):
        answer = liar.ask("GET /health")
        assert (answer.status, answer.json) == (200, {"status": "ok"})
