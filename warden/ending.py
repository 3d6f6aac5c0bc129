"""End every process below this one: asked first, then killed."""

import contextlib
import os
import signal
import time

from blackstart.warden import tree

# Postgres removes its shared memory on SIGQUIT and is gone in about 20 ms; most die at once.
GRACE_S = 0.25
KILL_LIMIT_S = 5.0
POLL_S = 0.002


def end_descendants(*, grace_s: float = GRACE_S) -> list[int]:
    """SIGCONT, SIGQUIT, a short wait, SIGKILL, for all below; returns every pid that was there."""
    me = os.getpid()
    known = tree.descendants(me)
    tree.send(known, signal.SIGCONT)
    tree.send(known, signal.SIGQUIT)
    _reap_until_none(time.monotonic() + grace_s)
    limit = time.monotonic() + KILL_LIMIT_S
    # Again and again: a process may have forked since it was listed.
    while (left := tree.descendants(me)) and time.monotonic() < limit:
        known.extend(left)
        tree.send(left, signal.SIGKILL)
        known.extend(_reap_until_none(time.monotonic() + 0.05))
    return known


def _reap_until_none(deadline: float) -> list[int]:
    """Reap children until there are none or until ``deadline``."""
    reaped = []
    with contextlib.suppress(ChildProcessError):  # no child is left
        while time.monotonic() < deadline:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid:
                reaped.append(pid)
            else:
                time.sleep(POLL_S)
    return reaped
