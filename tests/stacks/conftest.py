"""A stack of every kind of service, shared by the tests of a module."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from blackstart.model.configuration import MemberConfig
from blackstart.stacks.processes import ProcessStack
from blackstart.warden.client import Warden

CONFIGS = {"light": MemberConfig(kind="s3", light=True)}


@pytest.fixture(scope="module")
def warden() -> Iterator[Warden]:
    with Warden() as opened:
        yield opened


@pytest.fixture(scope="module")
def stack(warden: Warden) -> Iterator[ProcessStack]:
    names = ("postgres", "redis", "s3", "light")
    with ProcessStack(warden, needs=names, configs=CONFIGS) as started:
        yield started


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache of templates, where a server that is not root's can enter.

    Not below pytest's own directory: every pytest that starts on the machine closes that to others.
    """
    with TemporaryDirectory(prefix="cache-") as home:
        Path(home).chmod(0o755)
        monkeypatch.setenv("BLACKSTART_CACHE", str(Path(home, "blackstart")))
        yield Path(home, "blackstart")
