"""The run's directory: where it stands, who owns it, and how a stale one is recognised."""

import json
import os
import stat
from pathlib import Path

from blackstart.warden import tree

PREFIX = "blackstart-"
OWNER_FILE = "owner.json"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def make_directory(*, owner_pid: int) -> Path:
    """Make ``blackstart-<random>``, enterable by all, with a file that says whose it is."""
    directory = _temporary() / f"{PREFIX}{os.urandom(6).hex()}"
    directory.mkdir(mode=0o700)
    owner = {
        "pid": os.getpid(),
        "start_ticks": tree.start_ticks(os.getpid()),
        "boot_id": _boot_id(),
        "owner_pid": owner_pid,
    }
    (directory / OWNER_FILE).write_text(json.dumps(owner))
    directory.chmod(0o711)
    return directory


def is_stale(directory: Path) -> bool:
    """Whether the warden that made ``directory`` is dead: another boot, another process, none."""
    try:
        owner = json.loads((directory / OWNER_FILE).read_text())
    except FileNotFoundError:
        return False  # not ours to judge
    same_boot = owner["boot_id"] == _boot_id()
    return not same_boot or tree.start_ticks(owner["pid"]) != owner["start_ticks"]


def _temporary() -> Path:
    """A directory for temporary files; for root one that every user can enter (Postgres' must)."""
    wanted = [os.environ["TMPDIR"]] if os.environ.get("TMPDIR") else []
    for name in (*wanted, "/tmp", "/var/tmp"):  # noqa: S108 (mode 0700 until it is ours)
        path = Path(name)
        if path.is_dir() and os.access(path, os.W_OK) and _enterable(path.resolve()):
            return path
    raise OSError(f"no directory for temporary files: tried {', '.join((*wanted, '/tmp'))}")  # noqa: S108


def _enterable(path: Path) -> bool:
    if os.geteuid() != 0:
        return True
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents))


def _boot_id() -> str:
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""
