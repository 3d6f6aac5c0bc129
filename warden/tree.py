"""Which processes descend from which, as the kernel says now."""

import contextlib
import os
import signal
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def start_ticks(pid: int) -> int | None:
    """When ``pid`` was started, in clock ticks since boot; ``None`` if it does not run."""
    fields = _stat_fields(str(pid))
    return None if fields is None or fields[0] == b"Z" else int(fields[19])


def descendants(root: int) -> list[int]:
    """Every process below ``root``, parents before children; zombies too, until they are reaped."""
    children = defaultdict(list)
    for name in filter(str.isdigit, os.listdir(PROC)):  # noqa: PTH208 (twice as fast, and it counts)
        fields = _stat_fields(name)
        if fields is not None:
            children[int(fields[1])].append(int(name))
    found = list(children[root])
    for pid in found:  # grows while it is walked: breadth first
        found.extend(children[pid])
    return found


def exists(pid: int) -> bool:
    """Whether ``pid`` is there: running, or dead and not yet reaped."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def send(pids: Iterable[int], number: int) -> None:
    """Signal each of ``pids`` that is still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def freeze(root: int) -> list[int]:
    """Stop ``root`` and all below it, until no new one turns up; returns all of them."""
    frozen = [root]
    send(frozen, signal.SIGSTOP)
    while fresh := [pid for pid in descendants(root) if pid not in frozen]:
        send(fresh, signal.SIGSTOP)
        frozen.extend(fresh)
    return frozen


def _stat_fields(name: str) -> list[bytes] | None:
    try:
        # The command's name may hold spaces and brackets: count fields after the last ')'.
        with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123 (called for every process)
            return file.read().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
