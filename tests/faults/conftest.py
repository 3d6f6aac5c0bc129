"""One real stack with the reference service on it, shared by all tests of this folder."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from blackstart.model.capabilities import Members
from blackstart.model.configuration import MemberConfig
from blackstart.stacks.processes import ProcessStack
from blackstart.targets.loading import find, load
from blackstart.targets.service import Service
from blackstart.warden.client import Warden

from .asking import User

POOL = 3
CLIENTS = 8
# Slow enough for a pool to fill up by late answers; nothing opens the breaker.
VARIABLES = {
    "DB_POOL_SIZE": "2",
    "DB_POOL_OVERFLOW": str(POOL - 2),
    "DB_CHECKOUT_LIMIT_S": "1",
    "DB_DEADLINE_S": "4",
    "BREAKER_THRESHOLD": "100000",
}


@dataclass(frozen=True)
class Stage:
    """What faults are tried on."""

    stack: ProcessStack
    target: Service
    members: Members
    user: User

    @property
    def port(self) -> int:
        """Where the target is asked."""
        return int(self.target.bases[0].rpartition(":")[2])


@pytest.fixture(scope="package")
def stage() -> Iterator[Stage]:
    configs = {"s3": MemberConfig(light=True)}
    needs = ("postgres", "redis", "s3")
    with Warden() as warden, ProcessStack(warden, needs=needs, configs=configs) as stack:
        target = Service(
            warden,
            load(find("reference", None)),
            stack.addresses,
            instances=1,
            variables=VARIABLES,
        )
        target.bring_up()
        members = Members({**stack.members, "target": target})
        user = User(int(target.bases[0].rpartition(":")[2]))
        user.sign_in()
        yield Stage(stack, target, members, user)


@pytest.fixture
def traffic(stage: Stage) -> Iterator[None]:
    """More writers than the target's pool has connections."""
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            stage.user.writes()

    writers = [threading.Thread(target=write) for _ in range(CLIENTS)]
    for writer in writers:
        writer.start()
    yield
    done.set()
    for writer in writers:
        writer.join(10)
