"""The inner of the warden's two processes: one loop that spawns, signals, reaps and tells."""

import os
import pwd
import selectors
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from blackstart.warden import tree
from blackstart.warden.child import LaunchError, Order, launch
from blackstart.warden.ending import end_descendants
from blackstart.warden.estate import Estate
from blackstart.warden.wire import CHUNK_BYTES, Lines, Message, encode

DYING_POLL_S = 0.003


@dataclass(kw_only=True)
class Dying:
    """A kill that is answered when all of its processes are gone."""

    request: int
    pids: list[int] = field(default_factory=list)


class Server:
    """Serves one owner until it is gone; single-threaded, so that it may fork at any time."""

    def __init__(
        self, owner: socket.socket, *, owner_pid: int, directory: Path, journal: int
    ) -> None:
        """Answer ``owner``; tell the guard over ``journal`` what there will be to clear away."""
        self._owner, self._journal = owner, journal
        self._estate = Estate(directory=directory)
        self._children: dict[int, int] = {}  # pid → the request that spawned it
        self._dying: list[Dying] = []
        self._lines = Lines()
        self._selector = selectors.DefaultSelector()
        self._serving = True
        self._watch(owner_pid)
        self._do = {
            "spawn": self._spawn,
            "signal": self._signal,
            "kill": self._kill,
            "directory": self._directory,
        }

    def serve(self) -> None:
        """Serve until the owner ends, or the guard; then end every process below."""
        self._tell({"hello": str(self._estate.directory)})
        while self._serving:
            limit_s = DYING_POLL_S if self._dying else None
            for key, _ in self._selector.select(limit_s):
                key.data()
            self._reap()
            self._answer_kills()
        pids = end_descendants()
        if not self._note({"pids": pids}):
            self._estate.remove()

    def _watch(self, owner_pid: int) -> None:
        wake, woken = socket.socketpair()
        for end in (wake, woken):
            end.settimeout(0)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # without a handler nothing wakes the loop
        signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
        self._wake = (wake, woken)
        self._selector.register(wake, selectors.EVENT_READ, lambda: wake.recv(CHUNK_BYTES))
        self._selector.register(self._owner, selectors.EVENT_READ, self._hear)
        # The end of a pipe that is written to turns "readable" when the guard that read it dies.
        self._selector.register(self._journal, selectors.EVENT_READ, self._end)
        if sys.platform == "linux":
            # A forked child of the owner may hold the socket open: the owner's death is seen here.
            try:
                self._selector.register(os.pidfd_open(owner_pid), selectors.EVENT_READ, self._end)
            except ProcessLookupError:
                self._end()

    def _end(self) -> None:
        self._serving = False

    def _hear(self) -> None:
        try:
            data = self._owner.recv(CHUNK_BYTES)
        except ConnectionResetError:
            data = b""
        if not data:
            self._end()
        for message in self._lines.feed(data):
            self._handle(message)

    def _handle(self, message: Message) -> None:
        try:
            answer = self._do[message["do"]](message)
        except (LaunchError, OSError, KeyError) as error:
            answer = {"error": str(error) or repr(error)}
        if answer is not None:
            self._tell({"id": message["id"], **answer})

    def _spawn(self, message: Message) -> Message:
        self._note({"leftovers": message["leftovers"]})
        launched = launch(Order(**message["order"]))
        self._children[launched.pid] = message["id"]
        self._note({"pids": [launched.pid]})
        return {
            "pid": launched.pid,
            "called_ns": launched.called_ns,
            "started_ns": launched.started_ns,
        }

    def _signal(self, message: Message) -> Message:
        pid, number = message["pid"], message["signal"]
        if pid not in self._children:
            return {"sent": 0}
        if not message["tree"]:
            tree.send([pid], number)
            return {"sent": 1}
        pids = tree.freeze(pid) if number == signal.SIGSTOP else [pid, *tree.descendants(pid)]
        tree.send(pids, number)
        return {"sent": len(pids)}

    def _kill(self, message: Message) -> None:
        pid = message["pid"]
        dying = Dying(request=message["id"])
        if pid in self._children:  # not reaped, so the number is still its own
            # Frozen first: or it could fork, or tell somebody, between two of the kills.
            dying.pids = tree.freeze(pid)
            self._note({"pids": dying.pids})
            tree.send(dying.pids, signal.SIGKILL)
        self._dying.append(dying)

    def _answer_kills(self) -> None:
        for dying in tuple(self._dying):
            dying.pids = list(filter(tree.exists, dying.pids))
            if not dying.pids:
                self._dying.remove(dying)
                self._tell({"id": dying.request})

    def _directory(self, message: Message) -> Message:
        user = pwd.getpwnam(message["user"]) if message["user"] else None
        path = self._estate.directory / message["name"]
        number = 1
        while path.exists():
            number += 1
            path = path.with_name(f"{message['name']}-{number}")
        path.mkdir(mode=0o700)
        if user is not None:
            os.chown(path, user.pw_uid, user.pw_gid)
        return {"path": str(path)}

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            at_ns = time.monotonic_ns()
            if pid == 0:
                return
            if (request := self._children.pop(pid, None)) is None:
                self._note({"pids": [pid]})  # an orphan of a child of ours
                continue
            code = os.waitstatus_to_exitcode(status)
            self._tell({"ended": request, "pid": pid, "code": code, "at_ns": at_ns})

    def _tell(self, message: Message) -> None:
        try:
            self._owner.sendall(encode(message))
        except (BrokenPipeError, ConnectionResetError):
            self._end()

    def _note(self, message: Message) -> bool:
        """Tell the guard; false if it is dead, and this process must do its work."""
        self._estate.note(message)
        try:
            os.write(self._journal, encode(message))
        except BrokenPipeError:
            self._end()
            return False
        return True
