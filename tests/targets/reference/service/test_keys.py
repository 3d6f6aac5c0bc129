"""A signing key's life on two instances: published, active, retired, dead."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from blackstart.targets.service import Service

from .client import Client, kid_of
from .conftest import House, client_of
from .waiting import eventually

GRACE_S = 1.5
ACTIVE_IN_S = 0.5
LATE_BY_S = 0.7


@pytest.fixture(scope="module")
def pair(house: House) -> Iterator[Service]:
    service = house.target(instances=2, KEY_GRACE_S=str(GRACE_S))
    service.bring_up()
    yield service
    service.kill()


def everywhere(pair: Service, token: str) -> set[int]:
    """What each instance answers to a token."""
    clients = [client_of(pair, number) for number in range(2)]
    return {Client(c.port, token=token).ask("GET /api/auth/me").status for c in clients}


def test_a_rotation_signs_nobody_out_and_ends_the_old_key(pair: Service) -> None:
    one, other = client_of(pair, 0), client_of(pair, 1)
    one.sign_up()
    old = one.token
    new_kid = pair.publish_key(active_in_s=ACTIVE_IN_S, late_by_s=0.1)

    published = one.refresh().json["access_token"]
    assert kid_of(published) == kid_of(old) != new_kid

    other.refresh_token = one.refresh_token
    for client in (one, other):
        assert eventually(lambda c=client: kid_of(c.refresh().json["access_token"]) == new_kid)  # type: ignore[misc]
    fresh = one.refresh().json["access_token"]
    assert everywhere(pair, old) == {200}
    assert everywhere(pair, fresh) == {200}

    assert eventually(lambda: everywhere(pair, old) == {401})
    assert one.refresh().status == 401
    assert everywhere(pair, fresh) == {200}


def test_an_instance_that_learns_of_a_key_late_refuses_its_tokens_until_then(pair: Service) -> None:
    """Why a key is published before it is active."""
    one = client_of(pair, 0)
    one.sign_up()
    with ThreadPoolExecutor(1) as beside:
        publishing = beside.submit(pair.publish_key, active_in_s=0, late_by_s=LATE_BY_S)
        assert eventually(lambda: kid_of(one.refresh().json["access_token"]) != kid_of(one.token))
        fresh = one.refresh().json["access_token"]
        assert everywhere(pair, fresh) == {200, 401}
        assert publishing.result() == kid_of(fresh)
    assert everywhere(pair, fresh) == {200}
