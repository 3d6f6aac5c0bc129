"""What every service that runs as a process has in common; each kind of service is a subclass."""

import shutil
import signal
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from blackstart.model.capabilities import Exit
from blackstart.model.errors import StartError, UsageError
from blackstart.stacks import ports
from blackstart.stacks.link import ProxyLink
from blackstart.stacks.pings import timed
from blackstart.stacks.waits import until_serving
from blackstart.warden.client import Warden
from blackstart.warden.process import Process

ATTEMPTS = 4


class ProcessMember(ABC):
    """A service with a port and a disk of its own. It keeps its port through every restart.

    ``link`` is the proxied way to it and ``proxied_port`` where clients reach it, once it is laid.
    It is ``Killable``, ``Startable``, ``Stoppable``, ``Restartable``, ``Pausable``,
    ``Recreatable``, ``Pingable`` and ``Proxied``.
    """

    needs_mib: ClassVar[int]
    ready_limit_s: ClassVar[float] = 10.0
    stop_signal: ClassVar[int] = signal.SIGTERM
    stop_grace_s: ClassVar[float] = 5.0

    def __init__(self, name: str, warden: Warden, log: Path, link: ProxyLink) -> None:
        """Nothing runs until ``start``; clients will reach it over ``link``."""
        self.name = name
        self.log = log
        self.user: str | None = None
        self._warden = warden
        self._ports: tuple[int, ...] = ()
        self._settled = False
        self._disk: Path | None = None
        self._process: Process | None = None
        self.link = link
        self.proxied_port = 0

    def start(self) -> None:
        """Start it on the disk it has, or on a new one; returns when it serves.

        Raises ``StartError`` with the tail of its log; then nothing of it is left running.
        """
        if self.alive():
            return
        for attempt in range(1, ATTEMPTS + 1):
            if not self._settled:
                self._ports = self._choose_ports()
            try:
                self._come_up()
            except StartError:
                # Whatever it died of: if its port is held now, somebody was quicker to take it.
                lost = not self._settled and any(map(ports.taken, self._ports))
                if not lost or attempt == ATTEMPTS:
                    raise
            else:
                self._settled = True
                return

    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.alive()

    def kill(self) -> Exit:
        """SIGKILL all of its processes, and wait until they are gone."""
        ended = self._running().kill()
        return Exit(pid=ended.pid, code=ended.code, at_ns=ended.at_ns)

    def stop(self) -> Exit | None:
        """Stop it in order, then SIGKILL; how it ended, or ``None`` if it was not running."""
        if not self.alive():
            return None
        ended = self._running().stop(self.stop_signal, grace_s=self.stop_grace_s)
        return Exit(pid=ended.pid, code=ended.code, at_ns=ended.at_ns)

    def restart(self) -> None:
        """Stop it in order and start it on the same disk; returns when it serves."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freeze all of its processes; connections stay open and nothing answers."""
        self._running().signal(signal.SIGSTOP, tree=True)

    def resume(self) -> None:
        """Let all of its processes go on."""
        self._running().signal(signal.SIGCONT, tree=True)

    def discard_disk(self) -> None:
        """Destroy what it stored: ``start`` gives it a new and empty disk."""
        if self.alive():
            raise UsageError(
                f"{self.name} runs: its disk can't be discarded", fix="kill or stop it first"
            )
        if self._disk is not None:
            shutil.rmtree(self._disk)
            self._disk = None

    def end(self) -> None:
        """Kill it if it runs, and remove what it stored. Safe to call twice."""
        if self.alive():
            self.kill()
        self.discard_disk()

    def ping_s(self, *, direct: bool, limit_s: float) -> float | None:
        """Seconds to an answer, past the proxy if ``direct``; ``None`` if none within the limit."""
        port = self.direct_port if direct else self.proxied_port
        return timed(lambda limit_s: self._ask(port, limit_s), limit_s=limit_s)

    @property
    def pid(self) -> int:
        """Its process, or the last one it had; others may be below it."""
        return self._running().pid

    @property
    def direct_port(self) -> int:
        """Where it listens itself; for the harness only."""
        return self._ports[0]

    @abstractmethod
    def addresses(self) -> dict[str, str]:
        """What fills ``{NAME.…}`` in a target's configuration: all by way of the proxy."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be written into a result."""
        return ()

    def _choose_ports(self) -> tuple[int, ...]:
        """The ports that it will listen on, the one that clients are led to first."""
        return (ports.free(),)

    def _fill(self, disk: Path) -> None:  # noqa: B027 (most need nothing)
        """Put on a new, empty disk what the service needs there; nothing unless it says so."""

    @abstractmethod
    def _spawn(self, disk: Path) -> Process:
        """Start its process on ``disk``."""

    @abstractmethod
    def _serves(self, process: Process) -> bool:
        """Whether ``process`` itself, and nobody else at its port, serves now."""

    @abstractmethod
    def _ask(self, port: int, limit_s: float) -> bool:
        """Whether it answers at ``port``. Raises ``OSError`` if nobody answers in time."""

    def _come_up(self) -> None:
        if self._disk is None:
            disk = self._warden.directory(self.name, user=self.user)
            self._fill(disk)
            self._disk = disk
        process = self._spawn(self._disk)
        self._process = process
        until_serving(lambda: self._serves(process), process, limit_s=self.ready_limit_s)

    def _running(self) -> Process:
        if self._process is None:
            raise UsageError(f"{self.name} was never started", fix="start its stack first")
        return self._process
