"""The one thread that moves all bytes, fires all timers and answers the control API."""

import contextlib
import os
import socket
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path

from blackstart.proxy.pipes import Pipes
from blackstart.proxy.poller import READ, Poller, best_poller
from blackstart.proxy.raw_sockets import RawSocket
from blackstart.proxy.timers import Callback, Timer, Timers

Handler = Callable[[int], None]
OnDefect = Callable[[object, Exception], None]

SHARED_BUFFER = bytearray(64 * 1024)
"""Everything is received into this buffer and leaves it before the next receive."""


class Loop:
    """Descriptors, timers and callbacks, one after another in one thread.

    Only ``call_soon`` may be used from another thread.
    """

    def __init__(self, poller: Poller | None = None) -> None:
        self.poller = poller or best_poller()
        self.timers = Timers()
        self.pipes = Pipes()
        self.data_fd_limit = sys.maxsize
        """Clients' data gets no descriptors from this number on; they are given lowest first."""
        self._handlers: dict[int, Handler] = {}
        self._closing: list[RawSocket] = []
        self._soon: deque[Callback] = deque()
        self._stopped = False
        self.on_defect: OnDefect = _report
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_reader.settimeout(0)
        self._wake_writer.settimeout(0)
        self.watch(self._wake_reader.fileno(), READ, self._on_wake)

    def watch(self, fd: int, interest: int, handler: Handler) -> None:
        """Call ``handler(events)`` whenever ``fd`` is ready for ``interest``."""
        self._handlers[fd] = handler
        self.poller.add(fd, interest)

    def change(self, fd: int, interest: int, handler: Handler) -> None:
        """Watch a known descriptor for something else."""
        self._handlers[fd] = handler
        self.poller.change(fd, interest)

    def forget(self, fd: int) -> None:
        """Watch it no longer; events of this turn that are already here are dropped too."""
        if self._handlers.pop(fd, None) is not None:
            self.poller.remove(fd)

    def at(self, due_ns: int, callback: Callback) -> Timer:
        """Call once at a moment of the monotonic clock."""
        return self.timers.at(due_ns, callback)

    def after_s(self, delay_s: float, callback: Callback) -> Timer:
        """Call once, ``delay_s`` from now."""
        return self.timers.at(time.monotonic_ns() + int(delay_s * 1e9), callback)

    def close_later(self, sock: RawSocket) -> None:
        """Forget and close at the end of this turn.

        Were it closed at once, its number could be given to a new socket while an event of the
        old one still waits in this turn's batch.
        """
        fd = sock.fileno()
        if self._handlers.pop(fd, None) is not None:
            self.poller.forget_closed(fd)
        self._closing.append(sock)

    def call_soon(self, callback: Callback) -> None:
        """Call in the loop's thread; safe from any thread."""
        self._soon.append(callback)
        with contextlib.suppress(BlockingIOError):  # full means that a wake-up is already waiting
            self._wake_writer.send(b"\0")

    def stop(self) -> None:
        """Leave ``run`` after this turn."""
        self._stopped = True

    def run(self) -> None:
        """Work until ``stop``."""
        _shortest_timer_slack()
        find, timers, wait = self._handlers.get, self.timers, self.poller.wait
        while not self._stopped:
            for fd, events in wait(
                timers.until_next_ns() if timers.heap or timers.overdue else None
            ):
                handler = find(fd)
                if handler is not None:  # None: closed by an event before it in this batch
                    try:
                        handler(events)
                    except Exception as defect:  # noqa: BLE001  # nothing may end the server
                        self._on_broken(fd, handler, defect)
            if timers.heap or timers.overdue:
                try:
                    timers.fire()
                except Exception as defect:  # noqa: BLE001  # the others fire in the next turn
                    self.on_defect(None, defect)
            if self._closing:
                self._close_sockets()

    def _on_broken(self, fd: int, handler: Handler, defect: Exception) -> None:
        """Listen to this descriptor no longer, or its event would come for ever."""
        if self._handlers.get(fd) is handler:
            self.forget(fd)
        self.on_defect(handler, defect)

    def close(self) -> None:
        """Give back what the loop itself holds."""
        self._close_sockets()
        self.forget(self._wake_reader.fileno())
        self._wake_reader.close()
        self._wake_writer.close()
        self.pipes.close()
        self.poller.close()

    def _close_sockets(self) -> None:
        closing, self._closing = self._closing, []
        for sock in closing:
            sock.close()

    def _on_wake(self, _events: int) -> None:
        self._wake_reader.recv(4096)
        for _ in range(len(self._soon)):
            self._soon.popleft()()


def _report(_handler: object, defect: Exception) -> None:
    """Until somebody else takes care of defects."""
    traceback.print_exception(defect)


def _shortest_timer_slack() -> None:
    """Ask the kernel not to round this thread's waits up by 50 microseconds (Linux)."""
    slack = Path(f"/proc/{os.getpid()}/timerslack_ns")
    with contextlib.suppress(OSError):  # a matter of 50 us; where it may not be set, it stays
        slack.write_text("1")
