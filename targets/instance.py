"""One instance of a target: a process with a port, a disk and secrets of its own."""

import http.client
import shutil
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blackstart.model.capabilities import Exit
from blackstart.model.errors import StartError
from blackstart.stacks.waits import tail
from blackstart.warden.client import Warden
from blackstart.warden.errors import SpawnError
from blackstart.warden.process import Process

_ASK_EVERY_S = 0.02
_MEND = "mend what the log says"


@dataclass(frozen=True, kw_only=True)
class Launch:
    """How an instance is started: everything filled in."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    port: int
    disk: Path
    log: Path
    ready: str
    ready_limit_s: float
    stop_limit_s: float


class Instance:
    """Killable, startable, restartable, pausable, re-creatable. It keeps its port throughout."""

    def __init__(self, warden: Warden, launch: Launch) -> None:
        """Nothing runs until ``start``."""
        self._warden, self._launch = warden, launch
        self._process: Process | None = None

    @property
    def name(self) -> str:
        """Its name: the target's, with a number."""
        return self._launch.name

    @property
    def base(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self._launch.port}"

    @property
    def log(self) -> Path:
        """What it wrote, through all its restarts."""
        return self._launch.log

    def spawn(self) -> None:
        """Start it without waiting."""
        self._launch.disk.mkdir(exist_ok=True)
        try:
            self._process = self._warden.spawn(
                list(self._launch.argv),
                name=self.name,
                env=self._launch.env,
                cwd=self._launch.cwd,
                log=self._launch.log,
            )
        except SpawnError as error:
            raise not_started(error, "[target].start", self._launch.cwd) from error

    def wait_ready(self) -> None:
        """Wait until it answers. Raises ``StartError`` with the tail of its log."""
        deadline = time.monotonic() + self._launch.ready_limit_s
        while not self._answers():
            ended = self._process.exit if self._process is not None else None
            if ended is not None:
                raise self._failed(f"ended with code {ended.code} before it was ready", fix=_MEND)
            if time.monotonic() > deadline:
                limit = f"not ready in {self._launch.ready_limit_s:g} s"
                raise self._failed(limit, fix=f"{_MEND}, or raise [target].ready_limit_s")
            time.sleep(_ASK_EVERY_S)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.spawn()
        self.wait_ready()

    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.alive()

    def kill(self) -> Exit:
        """SIGKILL, and wait until it is gone."""
        if self._process is None:
            raise StartError(f"{self.name}: was never started, so it can't be killed")
        ended = self._process.kill()
        return Exit(pid=ended.pid, code=ended.code, at_ns=ended.at_ns)

    def stop(self) -> Exit | None:
        """SIGTERM, its own grace, then SIGKILL. Nothing if it isn't running."""
        if self._process is None or not self._process.alive():
            return None
        ended = self._process.stop(signal.SIGTERM, grace_s=self._launch.stop_limit_s)
        return Exit(pid=ended.pid, code=ended.code, at_ns=ended.at_ns)

    def restart(self) -> None:
        """Stop it in order, start it again on the same disk, wait until it answers."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freeze it."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def discard_disk(self) -> None:
        """Destroy what it stored on its own disk."""
        shutil.rmtree(self._launch.disk)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.alive():
            self._process.signal(number)

    def _answers(self) -> bool:
        method, path = self._launch.ready.split(" ", 1)
        connection = http.client.HTTPConnection("127.0.0.1", self._launch.port, timeout=2)
        try:
            connection.request(method, path)
            return connection.getresponse().status < 400
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _failed(self, what: str, *, fix: str) -> StartError:
        asked = f"asked {self._launch.ready} on port {self._launch.port}"
        return StartError(f"{self.name}: {what}", exists=f"{asked}; {tail(self.log)}", fix=fix)


def not_started(error: SpawnError, setting: str, cwd: Path) -> StartError:
    """The error for a command of the configuration that can't be run at all."""
    return StartError(
        error.what,
        exists=f"{setting} is run in {cwd}, by no shell, with [target].env as its environment",
        fix="name the program by its path, or {python} for the Python that runs Blackstart",
    )
