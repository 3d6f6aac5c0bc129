"""The proxy tries its own port: whether connecting is refused, or hangs, is then no guess."""

import contextlib
import errno
import socket
from collections.abc import Callable

from blackstart.proxy.address import Address
from blackstart.proxy.dial import Attempt, attempt, literal_target
from blackstart.proxy.loop import Loop
from blackstart.proxy.raw_sockets import RawSocket

_HANGS_AFTER_S = 0.05


def is_refused(address: Address) -> bool:
    """Whether a client would get ECONNREFUSED at this moment."""
    made = _try(address)
    if made is None:
        return False
    made.sock.close()
    return made.problem == errno.ECONNREFUSED


def when_hanging(loop: Loop, address: Address, seen: Callable[[], None]) -> None:
    """Call ``seen`` when an attempt has had no answer for 50 ms."""
    made = _try(address)
    if made is None:
        return

    def look() -> None:
        error = made.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        hangs = not error and not _is_connected(made.sock)
        made.sock.close()
        if hangs:
            seen()

    if made.problem in {errno.EINPROGRESS, errno.EALREADY}:
        loop.after_s(_HANGS_AFTER_S, look)
    else:
        made.sock.close()


def _is_connected(sock: RawSocket) -> bool:
    with contextlib.suppress(OSError):
        sock.getpeername()
        return True
    return False


def _try(address: Address) -> Attempt | None:
    target = literal_target(address)
    if target is None:
        return None
    try:
        return attempt(target)
    except OSError:  # no descriptor is left; then nothing was seen
        return None
