"""Waiting for what becomes true, within a limit; and toxics for the length of a block."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from blackstart.model.capabilities import Link


def eventually(check: Callable[[], bool], *, limit_s: float = 5.0) -> bool:
    """Whether ``check`` comes true within the limit."""
    deadline = time.monotonic() + limit_s
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@contextmanager
def toxic(link: Link, kind: str, **attributes: int) -> Iterator[None]:
    """Put a toxic on what a member sends."""
    name = link.add(kind, stream="downstream", attributes=attributes)
    try:
        yield
    finally:
        link.remove(name)
