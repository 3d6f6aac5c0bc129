"""Postgres, from a prepared cluster; never as root."""

from pathlib import Path
from typing import ClassVar

from blackstart.stacks import pings
from blackstart.stacks.link import ProxyLink
from blackstart.stacks.member import ProcessMember
from blackstart.stacks.postgres_template import ENV, postgres_template, server_user
from blackstart.stacks.session import Session
from blackstart.stacks.waits import until_done
from blackstart.warden.client import Warden
from blackstart.warden.process import Process

COPY_LIMIT_S = 30.0

# In the cluster's own file and not on the command line, so that a drill may ALTER SYSTEM them and
# that a restored backup has them too. Shared memory as files: a kill leaves nothing in /dev/shm.
SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "dynamic_shared_memory_type": "mmap",
    "max_connections": "100",
    "max_wal_size": "'1GB'",
    "recovery_init_sync_method": "syncfs",
    "log_checkpoints": "off",
    "timezone": "'UTC'",
}


class Postgres(ProcessMember):
    """Postgres with the database ``app``, owned by the role ``app``; trusted on loopback.

    Also ``Sql``. Without ``durable``, fsync is off: what is acked survives the death of every
    process, since the kernel keeps the pages, and would not survive a power cut, which nothing here
    rehearses. With it, fsync is on and crash recovery begins with a syncfs.
    """

    needs_mib: ClassVar[int] = 200
    ready_limit_s: ClassVar[float] = 20.0
    stop_signal: ClassVar[int] = 2  # SIGINT: Postgres' fast shutdown

    def __init__(
        self, name: str, warden: Warden, log: Path, link: ProxyLink, *, durable: bool = False
    ) -> None:
        """Nothing runs until ``start``."""
        super().__init__(name, warden, log, link)
        self.user = server_user()
        self._durable = durable
        self._programs: Path | None = None
        self._session = Session(self.direct_url)

    def addresses(self) -> dict[str, str]:
        """``url``, ``host``, ``port``, ``user``, ``password`` (any will do), ``database``."""
        return {
            "url": f"postgresql://app@127.0.0.1:{self.proxied_port}/app",
            "host": "127.0.0.1",
            "port": str(self.proxied_port),
            "user": "app",
            "password": "app",
            "database": "app",
        }

    def query(
        self, statement: str, parameters: tuple[object, ...] = (), *, limit_s: float = 5.0
    ) -> list[tuple[object, ...]]:
        """Rows of one statement on the harness's own connection; see ``Session.query``."""
        return self._session.query(statement, parameters, limit_s=limit_s)

    def direct_url(self) -> str:
        """The URL of the target's database past the proxy, as the superuser: for the harness."""
        return f"postgresql://postgres@127.0.0.1:{self.direct_port}/app"

    def end(self) -> None:
        """Kill it if it runs, remove what it stored, close the harness's connection."""
        super().end()
        self._session.close()

    @property
    def disk(self) -> Path | None:
        """The cluster's directory, while it has one: for backup and restore."""
        return self._disk

    def _fill(self, disk: Path) -> None:
        prepared = postgres_template(self._warden)
        self._programs = prepared.programs
        copy = self._warden.spawn(
            ["cp", "-R", f"{prepared.cluster}/.", disk],
            name=f"{self.name}: copy of the template",
            env=ENV,
            log=self.log,
            user=self.user,
        )
        until_done(copy, limit_s=COPY_LIMIT_S)
        settings = {**SETTINGS, "fsync": "on" if self._durable else "off"}
        with (disk / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def _spawn(self, disk: Path) -> Process:
        programs = self._programs or postgres_template(self._warden).programs
        return self._warden.spawn(
            [programs / "postgres", "-D", disk, "-p", str(self.direct_port)],
            name=self.name,
            env=ENV,
            log=self.log,
            user=self.user,
            umask=0o077,
        )

    def _serves(self, process: Process) -> bool:
        """Whether its own lock file says so: as pg_ctl asks, and nobody else can answer."""
        if self._disk is None:
            return False
        try:
            lines = (self._disk / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and int(lines[0]) == process.pid and lines[7].strip() == "ready"

    def _ask(self, port: int, limit_s: float) -> bool:
        return pings.ask_postgres(port, limit_s)
