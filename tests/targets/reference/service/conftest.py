"""One stack for all of this folder's tests; a target of its own only where settings differ."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from blackstart.model.capabilities import Link, Members, Proxied
from blackstart.model.configuration import MemberConfig
from blackstart.stacks.postgres import Postgres
from blackstart.stacks.processes import ProcessStack
from blackstart.targets.loading import find, load
from blackstart.targets.service import Service
from blackstart.warden.client import Warden

from .client import Client

# Short, so that what has to be waited for comes soon; a real service has longer ones.
VARIABLES = {
    "DB_POOL_SIZE": "4",
    "DB_POOL_OVERFLOW": "2",
    "DB_CHECKOUT_LIMIT_S": "0.25",
    "DB_DEADLINE_S": "0.8",
    "BREAKER_THRESHOLD": "3",
    "BREAKER_RESET_S": "1.5",
    "CACHE_FRESH_S": "0.6",
    "REDIS_LIMIT_S": "0.1",
    "REDIS_RETRY_S": "0.2",
}
StartOf = Callable[..., Service]


@dataclass(frozen=True)
class House:
    """The services below, and how a target is set upon them."""

    warden: Warden
    stack: ProcessStack

    @property
    def members(self) -> Members:
        return self.stack.members

    @property
    def postgres(self) -> Postgres:
        found = self.members["postgres"]
        assert isinstance(found, Postgres)
        return found

    def link(self, member: str) -> Link:
        return self.members.able(member, Proxied).link

    def target(self, *, instances: int = 1, **variables: str) -> Service:
        """A target that was not started yet."""
        return Service(
            self.warden,
            load(find("reference", None)),
            self.stack.addresses,
            instances=instances,
            variables={**VARIABLES, **variables},
        )


@pytest.fixture(scope="package")
def house() -> Iterator[House]:
    configs = {"s3": MemberConfig(light=True)}
    needs = ("postgres", "redis", "s3")
    with Warden() as warden, ProcessStack(warden, needs=needs, configs=configs) as stack:
        yield House(warden, stack)


@pytest.fixture(scope="package")
def target(house: House) -> Iterator[Service]:
    """The reference service with every guardrail on."""
    service = house.target()
    service.bring_up()
    yield service
    service.kill()


@pytest.fixture
def started(house: House) -> Iterator[StartOf]:
    """Start a target of one's own."""
    with ExitStack() as ends:

        def start(**settings: object) -> Service:
            service = house.target(**settings)  # type: ignore[arg-type]
            service.bring_up()
            ends.callback(service.kill)
            return service

        yield start


@pytest.fixture
def client(target: Service) -> Client:
    """Somebody signed in, the service's breaker being closed."""
    made = client_of(target)
    made.sign_up()
    return made


def client_of(service: Service, instance: int = 0) -> Client:
    """Ask one instance."""
    return Client(int(service.bases[instance].rpartition(":")[2]))
