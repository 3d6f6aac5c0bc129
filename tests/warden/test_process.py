"""A process's end: seen, waited for, asked for, forced."""

import signal
import sys
import time

import psutil
import pytest

from blackstart.warden.client import Warden
from blackstart.warden.process import Process

from .owners import ENV, eventually, runs

# A parent, a child that left its session, and a grandchild; all three are there when it says so.
FAMILY = "setsid sh -c 'sleep 60 & echo ready; wait' & wait"


def family(warden: Warden) -> tuple[Process, list[psutil.Process]]:
    process = warden.spawn(["sh", "-c", FAMILY], name="family", env=ENV, log=warden.root / "log")
    assert eventually(lambda: (warden.root / "log").read_text() == "ready\n")
    return process, psutil.Process(process.pid).children(recursive=True)


def states(process: Process, children: list[psutil.Process]) -> set[str]:
    return {psutil.Process(process.pid).status(), *(child.status() for child in children)}


def test_an_end_has_a_code_and_an_instant(warden: Warden) -> None:
    process = warden.spawn(["sh", "-c", "exit 7"], name="sh", env=ENV)
    ended = process.wait(5)
    assert (ended.pid, ended.code) == (process.pid, 7)
    assert process.exit == ended
    assert not process.alive()


def test_a_kill_is_minus_nine_and_between_its_two_stamps(warden: Warden) -> None:
    process = warden.spawn(["sleep", "60"], name="sleep", env=ENV)
    assert process.alive()
    before = time.monotonic_ns()
    ended = process.kill()
    assert ended.code == -signal.SIGKILL
    assert before < ended.at_ns < time.monotonic_ns()


def test_killing_twice_tells_of_the_first(warden: Warden) -> None:
    process = warden.spawn(["sleep", "60"], name="sleep", env=ENV)
    assert process.kill() == process.kill()


def test_a_kill_takes_all_below_and_waits_for_them(warden: Warden) -> None:
    process, children = family(warden)
    assert len(children) == 2
    process.kill()
    assert not [child for child in children if psutil.pid_exists(child.pid)]


def test_a_kill_waits_for_a_child_that_takes_long_to_die(warden: Warden) -> None:
    """The kernel has to take 200 MiB from it first; until then a port would still be its own."""
    script = "import time; held = b'x' * (200 << 20); print('ready', flush=True); time.sleep(60)"
    parent = ["sh", "-c", f'{sys.executable} -c "{script}" & wait']
    log = warden.root / "log"
    process = warden.spawn(parent, name="sh", env=ENV, log=log)
    assert eventually(lambda: log.read_text() == "ready\n")
    (child,) = psutil.Process(process.pid).children()
    process.kill()
    assert not psutil.pid_exists(child.pid)


def test_a_tree_is_frozen_and_goes_on(warden: Warden) -> None:
    process, children = family(warden)
    assert process.signal(signal.SIGSTOP, tree=True) == 3
    assert eventually(lambda: states(process, children) == {psutil.STATUS_STOPPED})
    assert process.signal(signal.SIGCONT, tree=True) == 3
    assert eventually(lambda: psutil.STATUS_STOPPED not in states(process, children))


def test_a_signal_alone_is_for_the_process_alone(warden: Warden) -> None:
    process, children = family(warden)
    assert process.signal(signal.SIGKILL) == 1
    assert process.wait(5).code == -signal.SIGKILL
    assert all(runs(child.pid) for child in children)


def test_nothing_is_sent_to_what_has_ended(warden: Warden) -> None:
    process = warden.spawn(["true"], name="true", env=ENV)
    process.wait(5)
    assert process.signal(signal.SIGTERM) == 0


def test_a_wait_has_a_limit_and_a_name(warden: Warden) -> None:
    process = warden.spawn(["sleep", "60"], name="redis", env=ENV)
    with pytest.raises(TimeoutError, match=rf"redis \(pid {process.pid}\): runs on after 0.05 s"):
        process.wait(0.05)


def test_stop_gives_grace(warden: Warden) -> None:
    process = warden.spawn(["sleep", "60"], name="sleep", env=ENV)
    assert process.stop(signal.SIGINT).code == -signal.SIGINT


def test_stop_kills_what_does_not_heed(warden: Warden) -> None:
    log = warden.root / "log"
    deaf = ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"]
    process = warden.spawn(deaf, name="deaf", env=ENV, log=log)
    assert eventually(lambda: log.read_text() == "ready\n")
    assert process.stop(signal.SIGTERM, grace_s=0.1).code == -signal.SIGKILL


def test_orphans_are_reaped(warden: Warden) -> None:
    log = warden.root / "log"
    process = warden.spawn(["sh", "-c", "sleep 0.1 & echo $!"], name="sh", env=ENV, log=log)
    process.wait(5)
    orphan = int(log.read_text())
    assert eventually(lambda: not psutil.pid_exists(orphan))
