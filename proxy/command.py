"""The command: flags in Toxiproxy's spelling, then the server until it is told to stop."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the proxy server; 0 after SIGTERM or SIGINT, 3 when it could not start."""
    from blackstart.proxy.address import Address
    from blackstart.proxy.server import Server

    flags = _parser().parse_args(argv)
    server = Server(seed=_fresh_seed() if flags.seed is None else flags.seed)
    wanted = Address("127.0.0.1" if flags.host == "localhost" else flags.host, flags.port)
    try:
        bound = server.bind(wanted)
    except OSError as error:
        sys.stderr.write(f"cannot listen on {wanted}: {error.strerror}\n")
        return 3
    sys.stdout.write(f"blackstart proxy listens on http://{bound}\n")
    sys.stdout.flush()
    server.run()
    return 0


def _parser() -> argparse.ArgumentParser:
    import argparse

    parser = argparse.ArgumentParser(
        prog="blackstart proxy", description="A fault proxy that any Toxiproxy client can drive."
    )
    parser.add_argument("-host", "--host", default="127.0.0.1", help="where the API listens")
    parser.add_argument("-port", "--port", type=int, default=8474, help="0 takes any free port")
    parser.add_argument("-seed", "--seed", type=int, help="repeats every chance of a run")
    return parser


def _fresh_seed() -> int:
    import os

    return int.from_bytes(os.urandom(4))
