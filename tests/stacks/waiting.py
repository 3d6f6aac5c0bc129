"""Waiting for what becomes true, within a limit."""

import time
from collections.abc import Callable


def eventually(check: Callable[[], bool], *, limit_s: float) -> bool:
    """Whether ``check`` comes true within the limit."""
    deadline = time.monotonic() + limit_s
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
