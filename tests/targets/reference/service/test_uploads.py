"""Uploads: the same bytes, from the object store or from the instance's own disk."""

import os

import pytest

from blackstart.targets.service import Service

from .client import Client
from .conftest import House, StartOf, client_of
from .waiting import toxic

BODIES = {"empty": b"", "all-bytes": bytes(range(256)) * 16, "large": os.urandom(3_000_000)}


@pytest.mark.parametrize("name", BODIES)
def test_an_upload_comes_back_byte_for_byte(client: Client, name: str) -> None:
    kept = client.ask(f"PUT /api/uploads/{name}.bin", BODIES[name])
    assert (kept.status, kept.json["bytes"]) == (201, len(BODIES[name]))
    assert client.ask(f"GET /api/uploads/{name}.bin").body == BODIES[name]


def test_an_upload_is_its_owners_own(client: Client) -> None:
    client.ask("PUT /api/uploads/mine", b"secret")
    other = Client(client.port)
    other.sign_up()
    assert other.ask("GET /api/uploads/mine").status == 404


def test_what_is_too_large_is_refused(client: Client) -> None:
    assert client.ask("PUT /api/uploads/huge", bytes(16 * 1024 * 1024 + 1)).status == 413
    assert client.ask("GET /api/uploads/huge").status == 404


def test_a_store_that_is_out_refuses_and_says_when_to_come_back(
    house: House, client: Client
) -> None:
    with toxic(house.link("s3"), "refuse"):
        answer = client.ask("PUT /api/uploads/lost", b"x")
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) >= 1
    assert client.ask("PUT /api/uploads/lost", b"x").status == 201


def recreate(service: Service) -> None:
    service.stop()
    service.discard_disk()
    service.start()


def test_an_upload_outlives_the_instance_that_took_it(target: Service, client: Client) -> None:
    client.ask("PUT /api/uploads/outlives", b"kept")
    recreate(target)
    assert client.ask("GET /api/uploads/outlives").body == b"kept"


def test_without_object_storage_an_upload_goes_with_the_disk(started: StartOf) -> None:
    local = started(GUARDRAILS_OFF="object-storage")
    client = client_of(local)
    client.sign_up()
    assert client.ask("PUT /api/uploads/goes", BODIES["large"]).status == 201
    assert client.ask("GET /api/uploads/goes").body == BODIES["large"]
    local.restart()
    assert client.ask("GET /api/uploads/goes").body == BODIES["large"]
    recreate(local)
    assert client.ask("GET /api/uploads/goes").status == 404
