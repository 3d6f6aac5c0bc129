"""How many sockets this process may have, and which of them are left for the control API."""

import contextlib
import resource
from typing import Final

KEPT_FOR_CONTROL: Final = 24


def raise_descriptor_limit() -> int:
    """Raise the limit of open files as far as the system allows, and return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):  # then the limit that was set is the limit
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        return hard
    return soft
