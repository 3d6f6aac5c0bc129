"""An open warden."""

from collections.abc import Iterator

import pytest

from blackstart.warden.client import Warden


@pytest.fixture
def warden() -> Iterator[Warden]:
    with Warden() as opened:
        yield opened
