"""The command as a process of its own, in a temporary directory of its own; and what is left of it.

The directory's path is also the mark by which every process of a run is known: each has it in its
environment, in its command line, or as the place where it works.
"""

import os
import re
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

COMMAND = Path(sysconfig.get_path("scripts"), "blackstart")
DRILL = ("run", "redis-unavailable[cut]", "--target", "reference")
LEFT_LIMIT_S = 3.0
DRILL_LIMIT_S = 60.0
SEGMENTS = Path("/proc/sysvipc/shm")
SOCKETS = Path("/tmp")
IN_SHARED_MEMORY = re.compile(r" (/dev/shm/\S+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str
    took_s: float


@dataclass(kw_only=True)
class Running:
    """A command that was started, and all that was seen of it."""

    process: subprocess.Popen[str]
    temporary: Path
    since_s: float = field(default_factory=time.monotonic)
    wall_s: float = field(default_factory=time.time)
    pids: set[int] = field(default_factory=set)
    ports: set[int] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)

    def until(self, after_s: float) -> None:
        """Wait until it has run for so long, or has ended."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, self.since_s + after_s - time.monotonic()))

    def look(self) -> None:
        """Note the processes, the listening ports and the shared memory that it has now."""
        self.pids |= {self.process.pid, *self._marked()}
        with suppress(psutil.NoSuchProcess):
            below = psutil.Process(self.process.pid).children(recursive=True)
            self.pids |= {child.pid for child in below}
        self.ports |= {port for port, pid in _listening().items() if pid in self.pids}
        self.shared |= {path for pid in self.pids for path in _mapped(pid)}

    def send(self, number: int) -> None:
        """Signal the command itself, and nothing that it started."""
        self.look()
        self.process.send_signal(number)

    def end(self, *, limit_s: float = DRILL_LIMIT_S) -> Ended:
        """Wait for its end."""
        out, err = self.process.communicate(timeout=limit_s)
        took_s = time.monotonic() - self.since_s
        return Ended(code=self.process.returncode, out=out, err=err, took_s=took_s)

    def left(self) -> list[str]:
        """What there is of it now."""
        alive = {pid for pid in self.pids if runs(pid)} | self._marked()
        return [
            *(f"process {_described(pid)}" for pid in sorted(alive)),
            *(f"port {port}" for port in sorted(self.ports & _listening().keys())),
            *(f"segment {made['shmid']}" for made in _segments() if self._made(made)),
            *(path for path in sorted(self.shared) if Path(path).exists()),
            *(str(path) for port in self.ports for path in SOCKETS.glob(f"seaweedfs-*-{port}.*")),
            *(str(path) for path in self.temporary.iterdir()),
        ]

    def left_in_time(self) -> list[str]:
        """What there is of it when it should be gone: nothing."""
        eventually(lambda: not self.left(), limit_s=LEFT_LIMIT_S)
        return self.left()

    def _made(self, segment: dict[str, int]) -> bool:
        """Whether it is of one of its processes, and not of an older one of the same number."""
        return segment["cpid"] in self.pids and segment["ctime"] >= int(self.wall_s)

    def _marked(self) -> set[int]:
        mark = str(self.temporary).encode()
        return {pid for pid in psutil.pids() if mark in _traits(pid)}


@contextmanager
def running(
    *arguments: str | Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    command: Sequence[str | Path] = (COMMAND,),
    user: int | None = None,
) -> Iterator[Running]:
    """Start the command; whatever is still there of it in the end is ended and removed.

    ``user`` is who its temporary directory belongs to, where ``command`` becomes somebody else.
    """
    temporary = Path(tempfile.mkdtemp(prefix="command-", dir="/tmp"))
    temporary.chmod(0o755)  # Postgres runs as another user where we are root
    if user is not None:
        os.chown(temporary, user, -1)
    process = subprocess.Popen(
        [*command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd or temporary.parent,
        env={**os.environ, "TMPDIR": str(temporary), **(env or {})},
        start_new_session=True,
    )
    run = Running(process=process, temporary=temporary)
    with process:
        try:
            yield run
        finally:
            _clear(run)


def ended(
    *arguments: str | Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    command: Sequence[str | Path] = (COMMAND,),
    user: int | None = None,
) -> Ended:
    """Run the command to its end. Fails where anything of it is left."""
    with running(*arguments, env=env, cwd=cwd, command=command, user=user) as run:
        how = run.end()
        assert run.left_in_time() == []
    return how


def runs(pid: int) -> bool:
    """Whether ``pid`` does anything: a zombie does not, and is its parent's matter."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def eventually(check: Callable[[], bool], *, limit_s: float) -> bool:
    """Whether ``check`` comes true within the limit."""
    deadline = time.monotonic() + limit_s
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _clear(run: Running) -> None:
    """End what a failed test leaves: a defect must not spoil the tests after it."""
    run.look()
    for pid in run.pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(run.temporary, ignore_errors=True)


def _traits(pid: int) -> bytes:
    """By what a process can be known: environment, command line, working directory."""
    said = b""
    for name in ("environ", "cmdline"):
        with suppress(OSError):
            said += Path(f"/proc/{pid}/{name}").read_bytes() + b"\0"
    with suppress(OSError):
        said += os.fsencode(Path(f"/proc/{pid}/cwd").readlink())
    return said


def _described(pid: int) -> str:
    with suppress(psutil.NoSuchProcess):
        return f"{pid} {' '.join(psutil.Process(pid).cmdline())}"
    return str(pid)


def _listening() -> dict[int, int | None]:
    """Port → the process that listens on it."""
    found = psutil.net_connections("tcp")
    return {c.laddr.port: c.pid for c in found if c.status == psutil.CONN_LISTEN}


def _segments() -> list[dict[str, int]]:
    heading, *rows = SEGMENTS.read_text().splitlines()
    return [dict(zip(heading.split(), map(int, row.split()), strict=True)) for row in rows]


def _mapped(pid: int) -> set[str]:
    """What ``pid`` has in /dev/shm."""
    with suppress(OSError):
        return set(IN_SHARED_MEMORY.findall(Path(f"/proc/{pid}/maps").read_text()))
    return set()
