"""Redis, served by Valkey."""

from pathlib import Path
from typing import ClassVar

from blackstart.stacks import pings, programs
from blackstart.stacks.member import ProcessMember
from blackstart.warden.process import Process


class Redis(ProcessMember):
    """Valkey with an append-only file synced each second: a kill loses nothing that was acked."""

    needs_mib: ClassVar[int] = 64

    def addresses(self) -> dict[str, str]:
        """``url``, ``host``, ``port``."""
        port = self.proxied_port
        return {"url": f"redis://127.0.0.1:{port}/0", "host": "127.0.0.1", "port": str(port)}

    def _spawn(self, disk: Path) -> Process:
        settings = {
            "port": str(self.direct_port),
            "bind": "127.0.0.1",
            "dir": str(disk),
            "daemonize": "no",
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec",
        }
        argv = [programs.valkey_server()]
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(disk)}
        return self._warden.spawn(
            [*argv, *options], name=self.name, env=env, cwd=disk, log=self.log
        )

    def _serves(self, process: Process) -> bool:
        try:
            return pings.redis_pid(self.direct_port, 0.5) == process.pid
        except OSError:
            return False

    def _ask(self, port: int, limit_s: float) -> bool:
        return pings.ask_redis(port, limit_s)
