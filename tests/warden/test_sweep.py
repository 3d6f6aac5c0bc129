"""However the owner or the warden dies, nothing of the run is left."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from blackstart.model.errors import BlackstartError
from blackstart.warden.client import Warden
from blackstart.warden.errors import WardenLostError
from blackstart.warden.home import is_stale

from .owners import ENV, eventually, owner, runs

SEGMENTS = Path("/proc/sysvipc/shm")

# One plain, one stopped, one that heeds nothing, and one that left its parent and its session.
SEVERAL = """
warden = Warden().open()
plain = spawn(warden, "sleep", "60")
stopped = spawn(warden, "sleep", "60")
stopped.signal(signal.SIGSTOP)
log = warden.root / "log"
DEAF = "trap '' QUIT TERM INT HUP; echo x; while :; do sleep 1; done"
spawn(warden, "sh", "-c", DEAF, log=log)
spawn(warden, "sh", "-c", "setsid sh -c 'echo $$; exec sleep 60' &", log=log).wait(5)
while len(words := log.read_text().split()) < 2:
    time.sleep(0.01)
say(warden, orphan=int(min(words)))  # the other word is an x
time.sleep(60)
"""

# Makes a segment as Postgres does, and is killed before it could remove it.
SEGMENT = """
import ctypes, sys, time
libc = ctypes.CDLL(None, use_errno=True)
print(libc.shmget(0, 4096, 0o600 | 0o1000), flush=True)
"""


def segments() -> set[int]:
    return {int(row.split()[1]) for row in SEGMENTS.read_text().splitlines()[1:]}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGQUIT])
def test_nothing_is_left_when_the_owner_dies(number: int) -> None:
    with owner(SEVERAL) as it:
        assert it.facts["orphan"] in it.pids
        it.end(number)
        assert it.left() == []


def test_nothing_is_left_when_the_spawning_process_is_killed() -> None:
    with owner(SEVERAL) as it:
        os.kill(it.inner, signal.SIGKILL)
        assert it.left() == []


def test_nothing_is_left_when_the_guard_is_killed() -> None:
    with owner(SEVERAL) as it:
        os.kill(it.guard, signal.SIGKILL)
        assert it.left() == []


def test_both_of_the_wardens_processes_killed_leave_no_process() -> None:
    """Only the directory is left, and it can be told from a live one."""
    script = "warden = Warden().open()\nspawn(warden, 'sleep', '60')\nsay(warden)\ninput()"
    with owner(script) as it:
        both = (it.guard, it.inner)
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in both:
                os.kill(pid, number)
        assert eventually(lambda: not any(map(runs, it.pids)))
        assert is_stale(it.root)
        shutil.rmtree(it.root)


def test_a_child_that_the_owner_forked_does_not_keep_the_run_alive() -> None:
    script = """
warden = Warden().open()
spawn(warden, "sleep", "60")
forked = os.fork()
if forked == 0:
    time.sleep(60)
say(warden, forked=forked)
time.sleep(60)
"""
    with owner(script) as it:
        try:
            it.end()
            assert it.left() == []
        finally:
            os.kill(int(str(it.facts["forked"])), signal.SIGKILL)


def test_ctrl_c_is_for_the_owner_alone() -> None:
    script = """
with Warden() as warden:
    process = spawn(warden, "sleep", "60")
    try:
        say(warden)
        time.sleep(60)
    except KeyboardInterrupt:
        print(process.alive(), flush=True)
"""
    with owner(script) as it:
        os.killpg(it.process.pid, signal.SIGINT)
        assert it.process.stdout is not None
        assert it.process.stdout.readline() == "True\n"
        assert it.left() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_warden_does_not_heed_signals_while_its_owner_lives(number: int) -> None:
    with Warden() as warden:
        for process in psutil.Process().children(recursive=True):
            process.send_signal(number)
        assert warden.spawn(["true"], name="true", env=ENV).wait(5).code == 0


def test_leftovers_go_and_their_neighbours_stay(tmp_path: Path) -> None:
    with Warden() as warden:
        pattern = str(tmp_path / "it-*-7.sock")
        warden.spawn(["true"], name="true", env=ENV, leftovers=[pattern]).wait(5)
        for name in ("it-a-7.sock", "it-b-7.sock", "it-a-8.sock"):
            (tmp_path / name).touch()
    assert [path.name for path in tmp_path.iterdir()] == ["it-a-8.sock"]


def test_a_killed_childs_shared_memory_goes(tmp_path: Path) -> None:
    script = tmp_path / "segment.py"
    script.write_text(SEGMENT)
    with Warden() as warden:
        log = warden.root / "log"
        warden.spawn([sys.executable, script], name="segment", env=ENV, log=log).wait(5)
        made = int(log.read_text())
        assert made in segments()
    assert made not in segments()


def test_all_are_asked_before_they_are_killed(tmp_path: Path) -> None:
    """Even what is stopped: Postgres removes its shared memory when it is asked."""
    with Warden() as warden:
        for name in ("running", "stopped"):
            heeds = f"trap 'touch {tmp_path / name}; exit' QUIT; echo; while :; do sleep 0.01; done"
            log = warden.root / name
            process = warden.spawn(["sh", "-c", heeds], name=name, env=ENV, log=log)
            assert eventually(lambda log=log: log.read_text() == "\n")  # type: ignore[misc]
        process.signal(signal.SIGSTOP)
    assert {path.name for path in tmp_path.iterdir()} == {"running", "stopped"}


def test_a_directory_without_rights_goes_too() -> None:
    """Root may remove anything; so it is tried as somebody else where the test is root's."""
    script = """
import os, sys
from pathlib import Path
from blackstart.warden.estate import Estate
root = Path(sys.argv[1])
if os.geteuid() == 0:
    os.setuid(65534)
locked = root / "run" / "disk" / "deep"
locked.mkdir(parents=True)
(locked / "file").touch()
locked.chmod(0)
Estate(directory=root / "run").remove()
"""
    with TemporaryDirectory() as root:
        Path(root).chmod(0o777)
        subprocess.run([sys.executable, "-c", script, root], check=True)
        assert list(Path(root).iterdir()) == []


def test_closing_is_quick_even_with_the_deaf(tmp_path: Path) -> None:
    warden = Warden().open()
    for _ in range(6):
        deaf = ["sh", "-c", "trap '' QUIT; while :; do sleep 1; done"]
        warden.spawn(deaf, name="deaf", env=ENV)
    started = time.monotonic()
    warden.close()
    assert time.monotonic() - started < 1.0
    assert not psutil.Process().children(recursive=True)


def test_a_lost_warden_is_an_error_and_not_a_hang() -> None:
    with Warden() as warden:
        process = warden.spawn(["sleep", "60"], name="sleep", env=ENV)
        (guard,) = psutil.Process().children()
        (inner,) = [child for child in guard.children() if child.name() != "sleep"]
        inner.kill()
        assert eventually(lambda: not runs(process.pid))
        with pytest.raises(WardenLostError, match="the warden is gone"):
            process.wait(5)
        with pytest.raises(WardenLostError, match="the warden is gone"):
            process.alive()
        with pytest.raises(WardenLostError, match="the warden is gone"):
            warden.spawn(["true"], name="true", env=ENV)


def test_a_warden_that_is_not_open_says_so() -> None:
    with pytest.raises(WardenLostError, match="not open"):
        Warden().spawn(["true"], name="true", env=ENV)


def test_closing_twice_and_never_opened_does_no_harm() -> None:
    warden = Warden().open()
    warden.close()
    warden.close()
    Warden().close()


def test_what_could_not_be_removed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    warden = Warden().open()
    root = warden.root
    (guard,) = psutil.Process().children()
    guard.kill()
    with pytest.raises(BlackstartError, match="did not end in order"):
        warden.close()
    assert not root.exists()  # the other one did it
