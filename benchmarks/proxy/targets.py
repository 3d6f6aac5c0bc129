"""What is compared: nothing between, our proxy, and others that are in PATH."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.proxy.upstreams import free_port, running
from blackstart.proxy.client import ProxyClient


class Target(NamedTuple):
    """A way to the upstreams: which port to use in place of the upstream's own."""

    name: str
    ports: Mapping[int, int]
    pid: int | None
    url: str = ""

    def cpu_s(self) -> float:
        """Processor time that the proxy has used so far."""
        if self.pid is None:
            return 0.0
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def all_targets(upstreams: list[int], folder: Path) -> Iterator[list[Target]]:
    """Direct first, then every proxy that can be had here."""
    with contextlib.ExitStack() as stack:
        targets = [Target("direct", {port: port for port in upstreams}, None)]
        targets.append(stack.enter_context(ours(upstreams)))
        if shutil.which("haproxy"):
            targets.append(stack.enter_context(haproxy(upstreams, folder)))
        if shutil.which("toxiproxy-server"):
            targets.append(stack.enter_context(toxiproxy(upstreams)))
        yield targets


@contextlib.contextmanager
def ours(upstreams: list[int]) -> Iterator[Target]:
    """The fault proxy with no fault on."""
    port = free_port()
    command = [sys.executable, "-m", "blackstart.proxy", "-port", str(port)]
    with running(command, port, cwd=None) as process:
        yield Target("ours", _create(port, upstreams), process.pid, f"http://127.0.0.1:{port}")


@contextlib.contextmanager
def toxiproxy(upstreams: list[int]) -> Iterator[Target]:
    """The original."""
    port = free_port()
    quiet = {**os.environ, "LOG_LEVEL": "warn"}
    with running(["toxiproxy-server", "-port", str(port)], port, env=quiet) as process:
        yield Target("toxiproxy", _create(port, upstreams), process.pid)


@contextlib.contextmanager
def haproxy(upstreams: list[int], folder: Path) -> Iterator[Target]:
    """HAProxy as a plain TCP proxy with one thread: the anchor in C."""
    ports = {upstream: free_port() for upstream in upstreams}
    lines = ["global", "  nbthread 1", "  maxconn 4000", "defaults", "  mode tcp"]
    lines += [f"  timeout {what} 60s" for what in ("connect", "client", "server")]
    for upstream, port in ports.items():
        lines += [f"listen p{port}", f"  bind 127.0.0.1:{port}", f"  server s 127.0.0.1:{upstream}"]
    config = folder / "haproxy.cfg"
    config.write_text("\n".join(lines) + "\n")
    command = ["haproxy", "-db", "-f", str(config)]
    with running(command, next(iter(ports.values()))) as process:
        yield Target("haproxy", ports, process.pid)


def version_of(name: str) -> str:
    """The first line of what a program says of its version."""
    flag = "-v" if name == "haproxy" else "-version"
    done = subprocess.run([name, flag], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0] if done.stdout else "unknown"


def _create(port: int, upstreams: list[int]) -> dict[int, int]:
    client = ProxyClient(f"http://127.0.0.1:{port}")
    client.wait_ready()
    return {one: client.create(f"p{one}", f"127.0.0.1:{one}").port for one in upstreams}
