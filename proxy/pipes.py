"""Kernel pipes through which bulk data goes from socket to socket without being copied.

Linux only; where ``splice`` is missing, ``take`` gives None and bytes are copied instead.
"""

import fcntl
import os
from typing import Final

_WANTED_BYTES: Final = 1024 * 1024
_KEPT: Final = 16
_AVAILABLE: Final = hasattr(os, "splice")


class Pipe:
    """One pipe, and how many bytes are in it."""

    __slots__ = ("_reader", "_writer", "highest_fd", "piped_bytes")

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.highest_fd = max(self._reader, self._writer)
        self.piped_bytes = 0
        try:
            fcntl.fcntl(self._writer, fcntl.F_SETPIPE_SZ, _WANTED_BYTES)
        except OSError:  # above what this user may have: the usual 64 KiB work as well
            return

    def fill(self, source_fd: int) -> int:
        """Move what the socket has into the empty pipe; 0 is the end of its stream.

        Raises:
            BlockingIOError: it has nothing.
            OSError: it is broken.
        """
        self.piped_bytes = os.splice(
            source_fd, self._writer, _WANTED_BYTES, flags=os.SPLICE_F_NONBLOCK | os.SPLICE_F_MOVE
        )
        return self.piped_bytes

    def drain(self, target_fd: int) -> int:
        """Move what the socket takes out of the pipe; return how many bytes went.

        Raises:
            BlockingIOError: it takes nothing.
            OSError: it is broken.
        """
        went = os.splice(
            self._reader,
            target_fd,
            self.piped_bytes,
            flags=os.SPLICE_F_NONBLOCK | os.SPLICE_F_MOVE,
        )
        self.piped_bytes -= went
        return went

    def close(self) -> None:
        """Give both descriptors back."""
        os.close(self._reader)
        os.close(self._writer)


class Pipes:
    """Empty pipes for whoever moves much; a few are kept for the next."""

    def __init__(self) -> None:
        self._empty: list[Pipe] = []

    def take(self, *, fd_limit: int) -> Pipe | None:
        """An empty pipe, or None when there can be none: then bytes must be copied."""
        if not _AVAILABLE:
            return None
        try:
            pipe = self._empty.pop() if self._empty else Pipe()
        except OSError:  # no descriptors are left; slower is better than not at all
            return None
        if pipe.highest_fd >= fd_limit:
            pipe.close()
            return None
        return pipe

    def give_back(self, pipe: Pipe) -> None:
        """Done with it; one that still holds bytes is closed."""
        if pipe.piped_bytes or len(self._empty) >= _KEPT:
            pipe.close()
        else:
            self._empty.append(pipe)

    def close(self) -> None:
        """Close all that are kept."""
        while self._empty:
            self._empty.pop().close()
