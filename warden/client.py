"""The owner's side of the warden: start it, spawn with it, and be swept after."""

import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self

from blackstart.model.errors import BlackstartError
from blackstart.warden.errors import SpawnError, WardenLostError
from blackstart.warden.launcher import module_command, module_environment
from blackstart.warden.process import Exit, Process
from blackstart.warden.wire import CHUNK_BYTES, Lines, Message, encode


class Warden:
    """Spawns every process of a run, and ends them all when this process ends, however it ends.

    ``with Warden() as warden: …`` or ``open()`` and ``close()``. Safe to use from several threads.
    Every call has a limit; a warden that is gone raises ``WardenLostError``.
    """

    def __init__(self, *, limit_s: float = 10.0) -> None:
        """``limit_s`` is for opening, closing, and calls that give none of their own."""
        self._limit_s = limit_s
        self._changed = threading.Condition()
        self._answers: dict[int, Message] = {}
        self._exits: dict[int, Exit] = {}
        self._last_id = 0
        self._root: Path | None = None
        self._lost = False
        self._sending = threading.Lock()
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        """Open."""
        return self.open()

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    @property
    def root(self) -> Path:
        """The run's directory: ``blackstart-<random>``; it goes when the warden goes."""
        if self._root is None:
            raise WardenLostError("the warden is not open", fix="use it in a 'with' block")
        return self._root

    def open(self) -> Self:
        """Start the warden's process and wait until it answers."""
        ours, theirs = socket.socketpair()
        # Sends are limited by the kernel: a time-out of Python's would hold for the reader too.
        limit = struct.pack("ll", int(self._limit_s), 0)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        self._owner_pid = os.getpid()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed in close)
        self._socket = ours
        try:
            self._guard = self._start(theirs)
        finally:
            theirs.close()
        self._reader = threading.Thread(target=self._read, name="warden", daemon=True)
        self._reader.start()
        try:
            with self._changed:
                self._changed.wait_for(lambda: self._root or self._lost, self._limit_s)
        except BaseException:
            self._hang_up()  # Ctrl-C just now: leaving it open would leave the warden
            raise
        if self._root is None:
            self._abandon()
        return self

    def close(self) -> None:
        """End every process, remove what they leave, and wait until that is done."""
        if self._socket is None or os.getpid() != self._owner_pid:
            return  # never opened, or a forked copy, which owns nothing
        self._hang_up()
        try:
            code = self._guard.wait(self._limit_s)
            self._reader.join(self._limit_s)
        except subprocess.TimeoutExpired as error:
            raise WardenLostError(
                f"the warden did not end in {self._limit_s:g} s", exists=f"pid {self._guard.pid}"
            ) from error
        finally:
            self._socket.close()
            self._socket = None
        said = self._said()
        self._errors.close()
        if code != 0 or said:
            raise WardenLostError("the warden did not end in order", exists=said or f"code {code}")

    def spawn(  # noqa: PLR0913 (what a process has)
        self,
        argv: Sequence[str | Path],
        *,
        name: str,
        env: Mapping[str, str],
        cwd: str | Path = "/",
        log: Path | None = None,
        user: str | None = None,
        umask: int = 0o022,
        stdin: Path | None = None,
        leftovers: Sequence[str] = (),
        limit_s: float | None = None,
    ) -> Process:
        """Start a program; returns once it runs. Raises ``SpawnError``, leaving nothing.

        ``env`` is its whole environment. Output is appended to ``log``. ``leftovers`` are absolute
        globs of what a kill of it leaves outside the run's directory; they go with the warden.
        """
        order = {
            "argv": [str(part) for part in argv],
            "env": dict(env),
            "cwd": str(cwd),
            "log": None if log is None else str(log),
            "user": user,
            "umask": umask,
            "stdin": None if stdin is None else str(stdin),
        }
        key, answer = self._ask("spawn", {"order": order, "leftovers": list(leftovers)}, limit_s)
        if "error" in answer:
            raise SpawnError(f"{name} did not start: {answer['error']}", exists=f"argv: {argv[0]}")
        return Process(
            warden=self,
            key=key,
            pid=answer["pid"],
            name=name,
            log=log,
            called_ns=answer["called_ns"],
            started_ns=answer["started_ns"],
        )

    def directory(self, name: str, *, user: str | None = None) -> Path:
        """Make a new directory under the run's, mode 0700, of ``user``; ``name-2`` if taken."""
        path: str = self.call("directory", {"name": name, "user": user})["path"]
        return Path(path)

    def call(self, do: str, arguments: Message, *, limit_s: float | None = None) -> Message:
        """Ask the warden one thing. Raises ``BlackstartError`` with what it says against it."""
        _, answer = self._ask(do, arguments, limit_s)
        if "error" in answer:
            raise BlackstartError(f"the warden could not {do}: {answer['error']}")
        return answer

    def exit_of(self, process: Process) -> Exit | None:
        """How ``process`` ended, if it has."""
        with self._changed:
            if process.key not in self._exits and self._lost:
                raise self._loss()
            return self._exits.get(process.key)

    def wait_for(self, process: Process, limit_s: float) -> Exit:
        """Wait until ``process`` ends. Raises ``TimeoutError`` naming it."""
        with self._changed:
            self._changed.wait_for(lambda: process.key in self._exits or self._lost, limit_s)
        ended = self.exit_of(process)
        if ended is None:
            raise TimeoutError(f"{process.name} (pid {process.pid}): runs on after {limit_s:g} s")
        return ended

    def _start(self, theirs: socket.socket) -> subprocess.Popen[bytes]:
        numbers = [str(theirs.fileno()), str(os.getpid())]
        return subprocess.Popen(
            [*module_command("blackstart.warden"), *numbers],
            env=module_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,  # Ctrl-C in the terminal is for the owner alone
        )

    def _ask(self, do: str, arguments: Message, limit_s: float | None) -> tuple[int, Message]:
        if self._socket is None:
            raise WardenLostError("the warden is not open", fix="use it in a 'with' block")
        with self._changed:
            self._last_id += 1
            key = self._last_id
        self._send({"id": key, "do": do, **arguments})
        limit_s = self._limit_s if limit_s is None else limit_s
        with self._changed:
            self._changed.wait_for(lambda: key in self._answers or self._lost, limit_s)
            if key in self._answers:
                return key, self._answers.pop(key)
            if self._lost:
                raise self._loss()
        raise WardenLostError(f"the warden did not {do} in {limit_s:g} s")

    def _send(self, message: Message) -> None:
        try:
            with self._sending:
                if self._socket is not None:
                    self._socket.sendall(encode(message))
        except OSError as error:
            raise self._loss() from error

    def _read(self) -> None:
        lines = Lines()
        ours = self._socket
        while ours is not None:
            try:
                data = ours.recv(CHUNK_BYTES)
            except ConnectionResetError:
                data = b""
            with self._changed:
                for message in lines.feed(data):
                    self._take(message)
                self._lost = self._lost or not data
                self._changed.notify_all()
            if not data:
                return

    def _take(self, message: Message) -> None:
        if "hello" in message:
            self._root = Path(message["hello"])
        elif "ended" in message:
            ended = Exit(pid=message["pid"], code=message["code"], at_ns=message["at_ns"])
            self._exits[message["ended"]] = ended
        else:
            self._answers[message["id"]] = message

    def _abandon(self) -> None:
        """Opening failed: hang up, so that the warden ends whatever state it is in."""
        self._hang_up()
        self._guard.kill()
        self._guard.wait(self._limit_s)
        self._reader.join(self._limit_s)
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        said = self._said()
        self._errors.close()
        raise WardenLostError(
            f"the warden did not start in {self._limit_s:g} s",
            exists=said or f"looked for an answer from {sys.executable}",
        )

    def _hang_up(self) -> None:
        if self._socket is not None and not self._lost:
            try:
                self._socket.shutdown(socket.SHUT_WR)
            except OSError:  # it was quicker, and is gone
                self._lost = True

    def _loss(self) -> WardenLostError:
        return WardenLostError(
            "the warden is gone, and every process of the run with it",
            exists=self._said() or "it said nothing: it was killed, or closed",
            fix="start the run again",
        )

    def _said(self) -> str:
        """The warden's last words, if any."""
        if self._errors.closed:
            return ""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace").strip()
