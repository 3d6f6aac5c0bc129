"""Free loopback ports, below those that the kernel gives to outgoing connections."""

import random
import socket
import threading
from collections import deque
from pathlib import Path

from blackstart.model.errors import StartError

EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST = 10_000
HIGHEST = 65_535
TRIES = 500

# System entropy: two runs that were started together must not walk through the same ports.
_random = random.SystemRandom()
# Bounded: a long session starts thousands of services, and long ago given is free again.
_given: deque[int] = deque(maxlen=1000)
_lock = threading.Lock()


def free(*, above: int = 0) -> int:
    """A port of 127.0.0.1 that nobody listens on and that was not given before.

    With ``above`` the port that far above it is free too, and is given with it. Another process
    may still take it before it is used: who starts a service tries again with another.
    """
    for _ in range(TRIES):
        port = _random.randrange(LOWEST, _ceiling() - above)
        wanted = {port, port + above}
        with _lock:
            if not wanted.intersection(_given) and not any(map(taken, wanted)):
                _given.extend(wanted)
                return port
    raise StartError(
        f"no free port on 127.0.0.1 between {LOWEST} and {_ceiling()}",
        exists=f"{TRIES} were tried at random",
        fix="end what holds them: 'ss -tlnp' lists it",
    )


def taken(port: int) -> bool:
    """Whether ``port`` of 127.0.0.1 can't be listened on now."""
    with socket.socket() as probe:
        # A closed connection's remains do not keep a service from listening; nor do they here.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _ceiling() -> int:
    """The first port that is not ours to give; everything is, where the kernel leaves no room."""
    try:
        low = int(EPHEMERAL.read_text().split()[0])
    except FileNotFoundError:
        return 32_768
    return low if low >= 2 * LOWEST + 2_000 else HIGHEST
