"""Owners of a warden in processes of their own, that a test can kill; and what is left of them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

ENV = {"PATH": "/usr/bin:/bin"}
PREAMBLE = """
import json, os, signal, sys, time
from pathlib import Path
from blackstart.warden.client import Warden

ENV = {"PATH": "/usr/bin:/bin"}

def say(warden, **facts):
    facts |= {"root": str(warden.root), "guard": warden._guard.pid}
    print(json.dumps(facts), flush=True)

def spawn(warden, *argv, **more):
    return warden.spawn(argv, name=argv[0], env=ENV, **more)
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start as another user")


@dataclass(frozen=True)
class Owner:
    """A process with an open warden: where it stands, and every process below it."""

    process: subprocess.Popen[str]
    facts: dict[str, object]
    root: Path
    guard: int
    pids: tuple[int, ...]

    @property
    def inner(self) -> int:
        """The warden's process that spawns."""
        return next(pid for pid in self.pids if psutil.Process(pid).ppid() == self.guard)

    def end(self, number: int = signal.SIGKILL) -> None:
        self.process.send_signal(number)
        self.process.wait(10)

    def left(self) -> list[str]:
        """What is still there of it, 3 s from now at the latest: nothing, as it should be."""
        eventually(lambda: not self._left_now())
        return self._left_now()

    def _left_now(self) -> list[str]:
        running = [str(pid) for pid in self.pids if runs(pid)]
        return running + ([str(self.root)] if self.root.exists() else [])


@contextmanager
def owner(script: str, *arguments: str) -> Iterator[Owner]:
    """Run a script that opens a warden, and go on when it ``say``s that it did what it should."""
    process = subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            assert process.stdout is not None
            facts = json.loads(process.stdout.readline())
            guard, root = facts["guard"], Path(facts["root"])
            pids = tuple(child.pid for child in psutil.Process(guard).children(recursive=True))
            yield Owner(process, facts, root, guard, (guard, *pids))
        finally:
            process.kill()


def runs(pid: int) -> bool:
    """Whether ``pid`` does anything: a zombie does not, and is its parent's matter."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def eventually(check: Callable[[], bool], *, limit_s: float = 3.0) -> bool:
    """Whether ``check`` comes true within the limit."""
    deadline = time.monotonic() + limit_s
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
