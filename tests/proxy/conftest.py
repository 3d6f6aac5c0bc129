"""One server for all tests of this room; every test leaves it empty."""

from collections.abc import Iterator

import pytest

from . import running as running_module
from .running import Running
from .upstreams import Upstream, echo, silent


@pytest.fixture(scope="package")
def shared_server() -> Iterator[Running]:
    with running_module.server("-seed", "7") as running:
        yield running


@pytest.fixture
def proxies(shared_server: Running) -> Iterator[Running]:
    """The running server; its proxies are deleted and its sockets closed after the test."""
    yield shared_server
    assert shared_server.is_alive(), "the proxy server died"
    shared_server.clear()


@pytest.fixture
def echo_server() -> Iterator[Upstream]:
    server = Upstream(echo)
    yield server
    server.close()


@pytest.fixture
def silent_server() -> Iterator[Upstream]:
    """Accepts and leaves the sockets to the test."""
    server = Upstream(silent)
    yield server
    server.close()
