"""The stack's fault proxy: one process, one link for each member."""

from pathlib import Path

from blackstart.model.errors import StartError, UsageError
from blackstart.proxy.client import ProxyClient, ProxyError, ProxyUnreachableError
from blackstart.stacks import ports
from blackstart.stacks.waits import until_serving
from blackstart.warden.client import Warden
from blackstart.warden.launcher import module_command, module_environment
from blackstart.warden.process import Process

ATTEMPTS = 4
READY_LIMIT_S = 10.0


class Proxies:
    """The proxy process; clients keep their address through any restart of what is behind it."""

    def __init__(self, warden: Warden, log: Path) -> None:
        """Nothing runs until ``start``."""
        self._warden, self._log = warden, log
        self._process: Process | None = None
        self._client: ProxyClient | None = None

    def start(self) -> None:
        """Start it and wait until its API answers."""
        for attempt in range(1, ATTEMPTS + 1):
            port = ports.free()
            try:
                self._come_up(port)
            except StartError:
                if attempt == ATTEMPTS or not ports.taken(port):
                    raise  # not a port that somebody was quicker to take
            else:
                return

    def stop(self) -> None:
        """End it; nothing if it does not run."""
        if self._process is not None and self._process.alive():
            self._process.kill()

    def client(self) -> ProxyClient:
        """How to steer it."""
        if self._client is None:
            raise UsageError("the stack's proxy does not run", fix="start the stack first")
        return self._client

    def lay(self, member: str, *, upstream_port: int, port: int | None) -> int:
        """Lead to ``member``; returns where clients reach it: at ``port``, or at a free one."""
        upstream = f"127.0.0.1:{upstream_port}"
        for _ in range(ATTEMPTS):
            listen = port or ports.free()
            try:
                self.client().create(member, upstream, f"127.0.0.1:{listen}")
            except ProxyError as error:
                if port is not None:
                    raise configured_port_taken(member, port) from error
                refusal = error
            else:
                return listen
        raise StartError(f"{member}: its proxy can't listen: {refusal.reason}") from refusal

    def _come_up(self, port: int) -> None:
        self._process = self._warden.spawn(
            [*module_command("blackstart.proxy"), "-host", "127.0.0.1", "-port", str(port)],
            name="proxy",
            env=module_environment(),
            log=self._log,
        )
        self._client = ProxyClient(f"http://127.0.0.1:{port}", timeout_s=5.0)
        until_serving(self._answers, self._process, limit_s=READY_LIMIT_S)

    def _answers(self) -> bool:
        # Its own word first: another stack's proxy might answer at a port lost to it.
        if b"listens on" not in self._log.read_bytes():
            return False
        try:
            self.client().version()
        except (ProxyError, ProxyUnreachableError):
            return False
        return True


def configured_port_taken(member: str, port: int) -> StartError:
    """The error for a port that a configuration asks for and somebody else listens on."""
    return StartError(
        f"{member}: port {port} of 127.0.0.1 is taken",
        exists=f"it is wanted by [members.{member}] port = {port}",
        fix=f"end what listens there ('ss -tlnp sport = :{port}' names it), or change the setting",
    )
