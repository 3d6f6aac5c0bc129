"""A whole drill from a clone that only root can enter, and by an ordinary user."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import blackstart

from .running import DRILL, ended

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="root alone can shut others out and become another user"
)
NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
MAIN = ("-P", "-c", "from blackstart.runner.cli import main; main()")
ROOMS = Path(blackstart.__path__[0])


@pytest.fixture
def clone() -> Iterator[Path]:
    """Blackstart's own files in another place, as a fresh clone has them, links and all."""
    with TemporaryDirectory(prefix="clone-", dir="/tmp") as name:
        home = Path(name)
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOMS, home / "src" / "blackstart", symlinks=True, ignore=skip)
        for room in (path for path in ROOMS.iterdir() if path.is_symlink()):
            shutil.copytree(room.resolve(), home / room.name, ignore=skip)
        for path in (home, *home.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() else 0o644)
        yield home


def environment(clone: Path, python: str) -> Path:
    """An environment in ``clone`` with its Blackstart, and by its side what that depends on."""
    home = clone / "venv"
    subprocess.run([python, "-m", "venv", "--without-pip", home], check=True)
    (packages,) = home.glob("lib/python*/site-packages")
    paths = (clone / "src", sysconfig.get_path("purelib"))
    (packages / "paths.pth").write_text("".join(f"{path}\n" for path in paths))
    if importlib.util.find_spec("async_timeout") is None:
        # Redis' client wants it of the first two bug fixes of 3.11; all it takes of it is Python's.
        (packages / "async_timeout.py").write_text("from asyncio import timeout as timeout\n")
    return home / "bin" / "python"


def drilled(*command: str | Path, home: Path, user: int | None = None) -> dict[str, object]:
    """What a drill found that was run in ``home``."""
    env = {"HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    arguments = (*DRILL, "--json", home / "out.json")
    how = ended(*arguments, command=[*command, *MAIN], env=env, cwd=home, user=user)
    assert how.code == 0, how.err + how.out
    result: dict[str, object] = json.loads((home / "out.json").read_text())
    assert result["target_commit"] is None  # from the copy, which is in no repository
    return result


def test_root_drills_from_where_nobody_else_can_enter(clone):
    python = environment(clone, sys.executable)
    clone.chmod(0o700)
    assert drilled(python, home=clone)["verdict"] == "held"


def test_an_ordinary_user_drills_with_a_home_and_a_cache_of_their_own(clone):
    python = environment(clone, usable_python())
    with TemporaryDirectory(prefix="home-", dir="/tmp") as name:
        home = Path(name)
        os.chown(home, NOBODY, NOBODY)
        assert drilled(*AS_NOBODY, python, home=home, user=NOBODY)["verdict"] == "held"
        assert sorted(path.name for path in home.iterdir()) == [".cache", "out.json"]
        assert list(home.glob(".cache/blackstart/postgres-*"))


# It must be able to run itself again, too: so are the warden, the proxy and the target started.
USABLE = f"""
import os, sys, fastapi, psycopg
sys.exit(not os.access(sys.executable, os.X_OK) or sys.version_info[:2] != {sys.version_info[:2]})
"""


def usable_python() -> str:
    """A Python of this version that every user can run, and that can read what is installed."""
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": sysconfig.get_path("purelib")}
    for python in filter(os.path.exists, (sys.executable, "/usr/bin/python3")):
        tried = [*AS_NOBODY, python, "-P", "-c", USABLE]
        done = subprocess.run(tried, env=env, cwd="/", capture_output=True, check=False)
        if done.returncode == 0:
            return python
    pytest.skip("no Python of this version here that other users can run with its packages")
