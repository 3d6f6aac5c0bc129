"""What the reference service's tests share; none of them needs a service to run."""

from collections.abc import Iterator

import pytest
import stamina

from blackstart.targets.reference.metrics import Metrics

from .fakes import FakeClock


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def wall_clock(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The fake clock in place of ``time.time``, for libraries that take no clock."""
    monkeypatch.setattr("time.time", clock)
    return clock


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def no_pauses() -> Iterator[None]:
    """Retries as many as configured, without waiting between."""
    with stamina.set_testing(True, attempts=100, cap=True):
        yield
