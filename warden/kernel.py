"""The few calls of Linux that Python's standard library does not offer."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
IPC_RMID = 0

# Loaded once, here: between fork and exec nothing may be imported.
_libc = ctypes.CDLL(None, use_errno=True)


def become_subreaper() -> None:
    """Let orphans below this process become its children, so that none gets away from a sweep."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent dies. Call after any change of user."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def remove_segment(shmid: int) -> None:
    """Remove one System V shared-memory segment. Raises ``OSError``."""
    _checked(_libc.shmctl(shmid, IPC_RMID, None))


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        _checked(_libc.prctl(option, value, 0, 0, 0))


def _checked(result: int) -> None:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
