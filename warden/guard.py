"""The outer of the warden's two processes: it waits for the inner one's end, and buries.

The inner one (``server``) spawns and speaks with the owner. Whatever ends it, SIGKILL included, its
orphans come to this one, which ends them and removes what the run left. It needs nobody's word.
"""

import os
import signal
import socket
import traceback
from pathlib import Path
from typing import NoReturn

from blackstart.warden import kernel
from blackstart.warden.ending import end_descendants
from blackstart.warden.estate import Estate
from blackstart.warden.home import make_directory
from blackstart.warden.server import Server
from blackstart.warden.wire import CHUNK_BYTES, Lines

# Ctrl-C and a closed terminal are the owner's to answer; the warden ends when the owner does.
DEAF_TO = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def guard(*, socket_fd: int, owner_pid: int) -> int:
    """Be the warden of ``owner_pid``, which is at the other end of the socket; returns 0."""
    owner = socket.socket(fileno=socket_fd)
    owner.set_inheritable(False)
    for number in DEAF_TO:
        signal.signal(number, signal.SIG_IGN)
    kernel.become_subreaper()
    directory = make_directory(owner_pid=owner_pid)
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(read)
        _serve(owner, owner_pid, directory, journal=write)
    os.close(write)
    owner.close()  # or the owner could not see that the inner one died
    estate = _follow(read, Estate(directory=directory))
    estate.note({"pids": end_descendants(grace_s=0.0)})
    estate.remove()
    return 0


def _serve(owner: socket.socket, owner_pid: int, directory: Path, *, journal: int) -> NoReturn:
    """In the inner process: serve, and never come back to what the outer one does."""
    code = 1
    try:
        kernel.become_subreaper()
        Server(owner, owner_pid=owner_pid, directory=directory, journal=journal).serve()
        code = 0
    except BaseException:  # noqa: BLE001 (the last frame of this process: say it, and end)
        traceback.print_exc()
    finally:
        os._exit(code)


def _follow(journal: int, estate: Estate) -> Estate:
    """Read what the inner process spawned, until it is gone."""
    lines = Lines()
    while data := os.read(journal, CHUNK_BYTES):
        for message in lines.feed(data):
            estate.note(message)
    return estate
