"""However the owner of a whole stack ends, nothing of it is left."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

SEGMENTS = Path("/proc/sysvipc/shm")
GRPC_PORT = re.compile(r"-\w+\.port\.grpc=(\d+)")
LEFT_LIMIT_S = 3.0

WHOLE_STACK = """
import json, os, sys, time
from blackstart.stacks.processes import ProcessStack
from blackstart.warden.client import Warden
with Warden() as warden:
    print(json.dumps({"root": str(warden.root), "guard": warden._guard.pid}), flush=True)
    with ProcessStack(warden, needs=["postgres", "redis", "s3"]) as stack:
        postgres = stack.members["postgres"]
        postgres.kill()            # its segment outlives it,
        postgres.discard_disk()    # and so does nothing that could tell the next one of it
        postgres.start()
        print("up", flush=True)
        time.sleep(60)
"""


def creators() -> dict[str, int]:
    """Segment → the process that made it."""
    rows = (row.split() for row in SEGMENTS.read_text().splitlines()[1:])
    return {row[1]: int(row[4]) for row in rows}


@dataclass
class Run:
    """A run of a whole stack in a process of its own, and all that was ever seen of it."""

    process: subprocess.Popen[str]
    root: Path
    guard: int
    pids: set[int] = field(default_factory=set)
    grpc_ports: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Note the processes there are now, and the ports for which SeaweedFS makes sockets."""
        try:
            below = psutil.Process(self.guard).children(recursive=True)
            self.pids |= {self.guard, *(child.pid for child in below)}
            for child in below:
                self.grpc_ports.update(GRPC_PORT.findall(" ".join(child.cmdline())))
        except psutil.NoSuchProcess:
            return

    def watch(self, for_s: float) -> None:
        """Look on for a while."""
        end = time.monotonic() + for_s
        while time.monotonic() < end:
            self.look()
            time.sleep(0.005)

    def left(self) -> list[str]:
        """What there is of it now."""
        running = [f"process {pid}" for pid in self.pids if _runs(pid)]
        made = [f"segment {n}" for n, creator in creators().items() if creator in self.pids]
        sockets = [str(p) for port in self.grpc_ports for p in Path("/tmp").glob(f"*-{port}.sock")]
        return running + made + sockets + ([str(self.root)] if self.root.exists() else [])

    def left_in_time(self) -> list[str]:
        """What there is of it when it should be gone."""
        end = time.monotonic() + LEFT_LIMIT_S
        while (left := self.left()) and time.monotonic() < end:
            time.sleep(0.02)
        return left


def start() -> Run:
    process = subprocess.Popen(
        [sys.executable, "-c", WHOLE_STACK],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    facts = json.loads(process.stdout.readline())
    return Run(process, Path(facts["root"]), facts["guard"])


def up(run: Run) -> None:
    assert run.process.stdout is not None
    assert run.process.stdout.readline() == "up\n"
    run.look()


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


MOMENTS = random.Random(7)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("after_s", [round(MOMENTS.uniform(0.0, 1.2), 3) for _ in range(6)])
def test_an_owner_ended_at_any_moment_leaves_nothing(after_s: float, number: int) -> None:
    with (run := start()).process:
        run.watch(after_s)
        run.process.send_signal(number)
        run.watch(0.05)
        run.process.wait(LEFT_LIMIT_S)
    assert run.left_in_time() == []


def test_a_whole_stack_goes_in_well_under_a_second() -> None:
    with (run := start()).process:
        up(run)
        assert len(run.pids) > 10 and len(run.grpc_ports) == 5
        killed = time.monotonic()
        run.process.kill()
    assert run.left_in_time() == []
    assert time.monotonic() - killed < 1.0


@pytest.mark.parametrize("position", [0, 1])
def test_a_killed_warden_takes_the_stack_along(position: int) -> None:
    with (run := start()).process:
        up(run)
        inner = psutil.Process(run.guard).children()[0].pid
        os.kill((run.guard, inner)[position], signal.SIGKILL)
        assert run.left_in_time() == []
        run.process.kill()


def test_ctrl_c_tears_down_in_time() -> None:
    with (run := start()).process:
        up(run)
        pressed = time.monotonic()
        os.killpg(run.process.pid, signal.SIGINT)
        assert run.process.wait(5) == -signal.SIGINT
        assert time.monotonic() - pressed < 3.0
    assert run.left() == []


def test_two_stacks_at_once_keep_to_their_own() -> None:
    with (one := start()).process, (other := start()).process:
        up(one)
        up(other)
        one.process.kill()
        one.process.wait(5)
        assert one.left_in_time() == []
        assert all(_runs(pid) for pid in other.pids)
        other.process.kill()
    assert other.left_in_time() == []
