"""Waiting for descriptors: epoll where it exists, ``selectors`` elsewhere; same face."""

import select
import selectors
import sys
from collections.abc import Sequence
from typing import Protocol

READ = 1  # the values of EPOLLIN and EPOLLOUT, so that the epoll path translates nothing
WRITE = 4

_COARSE_NS = 2_000_000
_SPIN_NS = 80_000
"""So long before a timer is due the loop waits no more but looks: waking up takes as long."""


class Poller(Protocol):
    """What the loop needs of the kernel."""

    def add(self, fd: int, interest: int) -> None:
        """Watch ``fd`` for ``READ``, ``WRITE`` or both."""

    def change(self, fd: int, interest: int) -> None:
        """Watch a known ``fd`` for something else."""

    def remove(self, fd: int) -> None:
        """Watch ``fd`` no longer."""

    def forget_closed(self, fd: int) -> None:
        """``fd`` is closed before the next wait."""

    def wait(self, timeout_ns: int | None) -> Sequence[tuple[int, int]]:
        """Ready descriptors and what they are ready for; empty when the time is up."""

    def close(self) -> None:
        """Give the descriptor back."""


class EpollPoller:
    """epoll, with waits that end within some ten microseconds of the moment asked for.

    ``epoll.poll`` rounds up to whole milliseconds. The last stretch is therefore waited for with
    ``select`` on the epoll descriptor itself, whose time-out is in microseconds.
    """

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._only = [self._epoll.fileno()]
        self.add = self._epoll.register
        self.change = self._epoll.modify
        self.remove = self._epoll.unregister
        self.close = self._epoll.close
        self._poll = self._epoll.poll

    def forget_closed(self, fd: int) -> None:
        """See ``Poller``: epoll forgets a closed descriptor by itself."""

    def wait(self, timeout_ns: int | None) -> Sequence[tuple[int, int]]:
        """See ``Poller``. May return early and empty; the loop looks at the clock again."""
        if timeout_ns is None:
            return self._poll()
        if timeout_ns > _COARSE_NS:
            whole_ms = timeout_ns // 1_000_000 - 1
            return self._poll((whole_ms - 0.5) / 1000)  # half off: the rounding is upwards
        if timeout_ns > _SPIN_NS:
            select.select(self._only, (), (), (timeout_ns - _SPIN_NS) / 1e9)
        return self._poll(0)


class SelectorPoller:
    """The portable path: kqueue, poll or select, whatever ``selectors`` finds."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self.close = self._selector.close

    def add(self, fd: int, interest: int) -> None:
        """See ``Poller``."""
        self._selector.register(fd, _to_selector(interest))

    def change(self, fd: int, interest: int) -> None:
        """See ``Poller``."""
        self._selector.modify(fd, _to_selector(interest))

    def remove(self, fd: int) -> None:
        """See ``Poller``."""
        self._selector.unregister(fd)

    forget_closed = remove

    def wait(self, timeout_ns: int | None) -> Sequence[tuple[int, int]]:
        """See ``Poller``."""
        timeout_s = None if timeout_ns is None else timeout_ns / 1e9
        return [(key.fd, _from_selector(mask)) for key, mask in self._selector.select(timeout_s)]


def _to_selector(interest: int) -> int:
    reads = selectors.EVENT_READ if interest & READ else 0
    return reads | (selectors.EVENT_WRITE if interest & WRITE else 0)


def _from_selector(mask: int) -> int:
    reads = READ if mask & selectors.EVENT_READ else 0
    return reads | (WRITE if mask & selectors.EVENT_WRITE else 0)


def best_poller() -> Poller:
    """The fastest poller that this system has."""
    return EpollPoller() if sys.platform == "linux" else SelectorPoller()
