"""The cache of prepared templates: made once, whole or not at all, whoever interrupts."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from blackstart.model.errors import StartError
from blackstart.stacks import templates
from blackstart.stacks.postgres_template import postgres_template
from blackstart.stacks.processes import ProcessStack
from blackstart.stacks.templates import template
from blackstart.warden.client import Warden

FIRST_USE = """
from blackstart.stacks.postgres_template import postgres_template
from blackstart.warden.client import Warden
with Warden() as warden:
    print(flush=True)
    print(postgres_template(warden).cluster, flush=True)
"""


def first_use() -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", FIRST_USE], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def names(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if path.name != ".lock")


def test_two_first_uses_at_once_make_one_whole_template(cache: Path) -> None:
    with first_use() as one, first_use() as other:
        said = {process.communicate(timeout=30)[0].strip() for process in (one, other)}
    (cluster,) = said
    assert names(cache) == [Path(cluster).parent.name]
    assert (Path(cluster) / "PG_VERSION").read_text().strip() == "18"


@pytest.mark.parametrize("after_s", [0.1, 0.3, 0.5])
def test_a_first_use_killed_midway_spoils_nothing(
    cache: Path, warden: Warden, after_s: float
) -> None:
    with first_use() as process:
        time.sleep(after_s)  # the moment of death is what is tried
        process.send_signal(signal.SIGKILL)
    cluster = postgres_template(warden).cluster
    assert names(cache) == [cluster.parent.name]
    with ProcessStack(warden, needs=["postgres"]) as stack:
        assert stack.members["postgres"].query("select 1") == [(1,)]  # type: ignore[attr-defined]


def test_a_failed_build_publishes_nothing(tmp_path: Path) -> None:
    def fail(work: Path) -> None:
        (work / "half").touch()
        raise StartError("no")

    with pytest.raises(StartError, match="no"):
        template("it", fail, root=tmp_path)
    assert names(tmp_path) == []


def test_it_is_built_once(tmp_path: Path) -> None:
    built: list[Path] = []
    threads = [
        threading.Thread(target=template, args=("it", built.append), kwargs={"root": tmp_path})
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1


def test_what_a_dead_builder_left_goes(tmp_path: Path) -> None:
    (tmp_path / ".building-dead" / "half").mkdir(parents=True)
    template("it", lambda _: None, root=tmp_path)
    assert names(tmp_path) == ["it"]


def test_a_builder_that_does_not_end_is_not_waited_for_without_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "LOCK_LIMIT_S", 0.1)
    held, done = threading.Event(), threading.Event()

    def build(_: Path) -> None:
        held.set()
        done.wait(10)

    builder = threading.Thread(target=template, args=("it", build), kwargs={"root": tmp_path})
    builder.start()
    held.wait(10)
    try:
        with pytest.raises(StartError, match=r"still prepares templates after 0.1 s\nit holds"):
            template("it", build, root=tmp_path)
    finally:
        done.set()
        builder.join()


def test_the_place_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BLACKSTART_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert templates.location(otherwise=tmp_path) == Path("/var/cache/blackstart")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert templates.location(otherwise=tmp_path) == tmp_path / ".cache" / "blackstart"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert templates.location(otherwise=tmp_path) == tmp_path / "xdg" / "blackstart"
    monkeypatch.setenv("BLACKSTART_CACHE", str(tmp_path / "mine"))
    assert templates.location(otherwise=tmp_path) == tmp_path / "mine"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's Postgres is another user's")
def test_a_cache_that_postgres_cannot_enter_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warden: Warden
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("BLACKSTART_CACHE", str(tmp_path / "cache"))
    with pytest.raises(StartError, match=r"nobody can't enter .*\nfix: set BLACKSTART_CACHE"):
        postgres_template(warden)


def test_a_cache_that_cannot_be_made_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warden: Warden
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("BLACKSTART_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(StartError, match=r"no place for prepared templates: .*Not a directory"):
        postgres_template(warden)
