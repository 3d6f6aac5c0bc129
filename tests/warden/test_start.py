"""The warden's own start, and the directory it makes."""

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from blackstart.warden.client import Warden
from blackstart.warden.errors import WardenLostError
from blackstart.warden.home import OWNER_FILE, is_stale

from .owners import as_root, eventually, owner


def wardens_of(owner_pid: int) -> list[psutil.Process]:
    found = psutil.process_iter(["cmdline"])
    return [process for process in found if (process.info["cmdline"] or [""])[-1] == str(owner_pid)]


def directories_of(owner_pid: int) -> list[Path]:
    files = Path(tempfile.gettempdir()).glob(f"blackstart-*/{OWNER_FILE}")
    return [file.parent for file in files if f'"owner_pid": {owner_pid}' in file.read_text()]


@pytest.mark.parametrize("delay_s", [0.0, 0.005, 0.01, 0.02, 0.03, 0.05])
def test_an_owner_killed_while_it_opens_leaves_nothing(delay_s: float) -> None:
    script = (
        "from blackstart.warden.client import Warden\nprint(flush=True)\nWarden().open()\ninput()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stdin=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay_s)  # the moment of death is what is tried
        process.kill()
    assert eventually(lambda: not wardens_of(process.pid))
    assert directories_of(process.pid) == []


def test_the_directory_can_be_passed_through_and_not_read() -> None:
    with Warden() as warden:
        assert stat.S_IMODE(warden.root.stat().st_mode) == 0o711
        assert warden.root.name.startswith("blackstart-")


@as_root
def test_root_does_not_use_a_tmpdir_that_others_cannot_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Warden() as warden:
        assert tmp_path not in warden.root.parents


def test_a_live_runs_directory_is_not_stale() -> None:
    with Warden() as warden:
        assert not is_stale(warden.root)


def test_a_dead_wardens_directory_is_stale(tmp_path: Path) -> None:
    with Warden() as warden:
        said = json.loads((warden.root / OWNER_FILE).read_text())
        assert said["owner_pid"] == os.getpid()
    (tmp_path / OWNER_FILE).write_text(json.dumps(said))
    assert is_stale(tmp_path)


@pytest.mark.parametrize("change", [{"start_ticks": 1}, {"boot_id": "another"}])
def test_a_namesake_does_not_make_a_dead_one_live(
    tmp_path: Path, change: dict[str, object]
) -> None:
    with Warden() as warden:
        said = json.loads((warden.root / OWNER_FILE).read_text())
        (tmp_path / OWNER_FILE).write_text(json.dumps({**said, **change}))
        assert is_stale(tmp_path)


def test_a_directory_of_somebody_else_is_not_judged(tmp_path: Path) -> None:
    assert not is_stale(tmp_path)


def test_modules_in_the_working_directory_are_not_taken_for_pythons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "signal.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    with Warden() as warden:
        assert warden.root.exists()


def test_a_warden_that_cannot_start_says_why_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "blackstart.warden.client.module_command", lambda _: [sys.executable, "-c", "1/0 #"]
    )
    with pytest.raises(WardenLostError, match=r"did not start(?s:.)*ZeroDivisionError"):
        Warden(limit_s=5.0).open()
    assert not psutil.Process().children()
    assert directories_of(os.getpid()) == []


def test_two_wardens_keep_to_their_own() -> None:
    script = "warden = Warden().open()\nspawn(warden, 'sleep', '60')\nsay(warden)\ntime.sleep(60)"
    with owner(script) as one, owner(script) as other:
        one.end(signal.SIGKILL)
        assert one.left() == []
        assert other.root.exists()
        assert all(psutil.pid_exists(pid) for pid in other.pids)
