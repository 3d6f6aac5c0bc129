"""Prepared trees that stay from run to run: the one thing Blackstart leaves on a machine.

Safe under two first runs at once and under ``kill -9`` at any moment: built aside, under a lock
that dies with its holder, and published by one atomic rename.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from blackstart.model.errors import StartError

BUILDING = ".building-"
LOCK_LIMIT_S = 60.0
CLEAR_LIMIT_S = 3.0


def location(*, otherwise: Path) -> Path:
    """Where templates are kept: for root and all it starts, per user, or as BLACKSTART_CACHE says.

    ``otherwise`` is used where there is no such place, as in a container whose user has no home.
    """
    if chosen := os.environ.get("BLACKSTART_CACHE"):
        return Path(chosen).absolute()
    if os.geteuid() == 0:
        home = Path("/var/cache")
    else:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    return home / "blackstart" if _can_make(home) else otherwise


def template(key: str, build: Callable[[Path], None], *, root: Path) -> Path:
    """The tree called ``key`` under ``root``, made by ``build`` if it is not there yet."""
    published = root / key
    if published.is_dir():
        return published
    _make(root)
    with _locked(root / ".lock"):
        if not published.is_dir():
            _publish(published, build)
    return published


def _publish(published: Path, build: Callable[[Path], None]) -> None:
    root = published.parent
    for abandoned in root.glob(f"{BUILDING}*"):  # whoever built here died: we hold the lock
        _clear(abandoned)
    work = root / f"{BUILDING}{os.urandom(6).hex()}"
    work.mkdir()
    work.chmod(0o755)
    try:
        build(work)
        os.sync()  # or a power cut could publish names without their contents, for ever
        work.rename(published)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _clear(abandoned: Path) -> None:
    """Remove what a dead builder left; its children may write for a moment yet, until swept."""
    deadline = time.monotonic() + CLEAR_LIMIT_S
    shutil.rmtree(abandoned, ignore_errors=True)
    while abandoned.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
        shutil.rmtree(abandoned, ignore_errors=True)


def _make(root: Path) -> None:
    try:
        root.mkdir(parents=True, exist_ok=True)
        if root.stat().st_uid == os.geteuid():
            root.chmod(0o755)
    except OSError as error:
        raise StartError(
            f"no place for prepared templates: {root}: {error.strerror}",
            fix="set BLACKSTART_CACHE to a directory that can be written",
        ) from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    deadline = time.monotonic() + LOCK_LIMIT_S
    with path.open("a") as file:
        while not _try_lock(file.fileno()):
            if time.monotonic() >= deadline:
                raise StartError(
                    f"another run still prepares templates after {LOCK_LIMIT_S:g} s",
                    exists=f"it holds {path}",
                    fix="end it, or set BLACKSTART_CACHE to another directory",
                )
            time.sleep(0.02)
        yield


def _try_lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _can_make(path: Path) -> bool:
    """Whether ``path`` can be written, or made where it will be writable."""
    existing = next(part for part in (path, *path.parents) if part.exists())
    return os.access(existing, os.W_OK | os.X_OK)
