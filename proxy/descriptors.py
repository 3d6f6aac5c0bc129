"""How many sockets this process may have."""

import contextlib
import resource


def raise_descriptor_limit() -> None:
    """Raise the limit of open files as far as the system allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):  # then the limit that was set is the limit
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
