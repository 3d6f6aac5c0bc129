"""The command: flags in Toxiproxy's spelling, then the server until it is told to stop."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import NoReturn

    from blackstart.proxy.server import Server


def main(argv: Sequence[str] | None = None) -> int:
    """Run the proxy server; 0 after SIGTERM or SIGINT, 3 when it could not start."""
    flags = _parser().parse_args(argv)
    if flags.version:
        from blackstart.proxy.control.api import VERSION

        sys.stdout.write(f"blackstart proxy, speaks the API of Toxiproxy {VERSION}\n")
        return 0
    try:
        server = _start(flags)
    except _CannotStartError as problem:
        sys.stderr.write(f"the proxy cannot start: {problem}\n")
        return 3
    server.run()
    return 0


class _CannotStartError(Exception):
    """The text says why."""


def _start(flags: argparse.Namespace) -> Server:
    """A server that listens already; its first line says where."""
    from blackstart.proxy.address import Address
    from blackstart.proxy.errors import RefusedError
    from blackstart.proxy.server import Server
    from blackstart.proxy.settings import Settings, SettingsError, read_settings

    seed = _fresh_seed() if flags.seed is None else flags.seed
    wanted = Address("127.0.0.1" if flags.host == "localhost" else flags.host, flags.port)
    try:
        settings = read_settings(flags.config) if flags.config else Settings()
        has_metrics = flags.proxy_metrics or flags.runtime_metrics
        server = Server(seed=seed, settings=settings, has_metrics=has_metrics)
        bound = server.bind(wanted)
    except OSError as error:
        raise _CannotStartError(f"cannot listen on {wanted}: {error.strerror}") from error
    except (RefusedError, SettingsError) as error:
        raise _CannotStartError(str(error)) from error
    sys.stdout.write(f"blackstart proxy listens on http://{bound} (seed {seed})\n")
    sys.stdout.flush()
    return server


def _parser() -> argparse.ArgumentParser:
    import argparse
    from pathlib import Path

    class Parser(argparse.ArgumentParser):
        """Refuses a wrong flag with 3, as everything that could not start does."""

        def error(self, message: str) -> NoReturn:
            self.print_usage(sys.stderr)
            self.exit(3, f"the proxy cannot start: {message}\n")

    parser = Parser(
        prog="blackstart proxy", description="A fault proxy that any Toxiproxy client can drive."
    )
    add = parser.add_argument
    add("-host", "--host", default="127.0.0.1", help="where the API listens (loopback)")
    add("-port", "--port", type=_port, default=8474, help="8474; 0 takes any free port")
    add("-config", "--config", type=Path, help="JSON: proxies with toxics, other addresses, token")
    add("-seed", "--seed", type=int, help="repeats every chance of a run")
    add("-proxy-metrics", "--proxy-metrics", action="store_true", help="serve GET /metrics")
    add("-runtime-metrics", "--runtime-metrics", action="store_true", help="the same")
    add("-version", "--version", action="store_true", help="say what this is, and leave")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port < 65536:
        raise ValueError(text)
    return port


def _fresh_seed() -> int:
    import os

    return int.from_bytes(os.urandom(4))
