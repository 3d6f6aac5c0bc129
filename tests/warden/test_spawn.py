"""What a spawned process gets, and what is said when it can't be spawned."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from blackstart.warden.client import Warden
from blackstart.warden.errors import SpawnError
from blackstart.warden.process import Process

from .owners import ENV, as_root


def output(process: Process) -> str:
    process.wait(5)
    assert process.log is not None
    return process.log.read_text()


def test_the_environment_is_exactly_what_is_given(warden: Warden) -> None:
    process = warden.spawn(
        ["/usr/bin/env"], name="env", env={"ONLY": "this"}, log=warden.root / "log"
    )
    assert output(process) == "ONLY=this\n"


def test_it_runs_where_and_as_it_is_told(warden: Warden, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("read")
    process = warden.spawn(
        ["sh", "-c", "pwd; umask; cat; echo wrong >&2"],
        name="sh",
        env=ENV,
        cwd=tmp_path,
        umask=0o027,
        stdin=tmp_path / "in",
        log=warden.root / "log",
    )
    assert output(process) == f"{tmp_path}\n0027\nreadwrong\n"


# Signals 32 and 33 belong to the C library, which lets nobody set them: whoever ignored them before
# Python started, they stay ignored.
RESERVED = 1 << 31 | 1 << 32


@pytest.fixture
def deaf() -> Iterator[None]:
    """Ignore and block signals, as a shell's background job does."""
    former = signal.signal(signal.SIGQUIT, signal.SIG_IGN)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    yield
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    signal.signal(signal.SIGQUIT, former)


@pytest.mark.usefixtures("deaf")
def test_it_inherits_nothing_of_the_warden_and_its_owner(warden: Warden) -> None:
    log = warden.root / "log"
    files = output(warden.spawn(["ls", "-l", "/proc/self/fd"], name="ls", env=ENV, log=log))
    assert "socket:" not in files and "pipe:" not in files
    status = ["grep", "-E", "SigIgn|SigBlk", "/proc/self/status"]
    signals = output(warden.spawn(status, name="grep", env=ENV, log=warden.root / "signals"))
    masks = [int(line.split()[1], 16) for line in signals.splitlines()]
    assert [mask & ~RESERVED for mask in masks] == [0, 0]


def test_it_has_a_session_of_its_own(warden: Warden) -> None:
    process = warden.spawn(["sleep", "60"], name="sleep", env=ENV)
    assert os.getsid(process.pid) == process.pid


@as_root
def test_it_becomes_another_user_and_dies_with_the_warden_even_so(warden: Warden) -> None:
    process = warden.spawn(
        ["sh", "-c", "id -un; id -Gn; exec sleep 60"],
        name="sh",
        env=ENV,
        user="nobody",
        log=warden.root / "log",
    )
    status = psutil.Process(process.pid)
    assert status.uids().real == status.uids().saved == status.uids().effective != 0


@as_root
def test_a_directory_can_be_another_users(warden: Warden) -> None:
    home = warden.directory("home", user="nobody")
    process = warden.spawn(["touch", home / "made"], name="touch", env=ENV, user="nobody")
    assert process.wait(5).code == 0
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_directory_is_new_each_time(warden: Warden) -> None:
    first, second = warden.directory("disk"), warden.directory("disk")
    assert first != second
    assert first.parent == second.parent == warden.root


def test_spawning_is_stamped_before_and_after(warden: Warden) -> None:
    before = time.monotonic_ns()
    process = warden.spawn(["true"], name="true", env=ENV)
    after = time.monotonic_ns()
    assert before < process.called_ns < process.started_ns < after
    assert process.started_ns < process.wait(5).at_ns


def test_threads_may_spawn_at_once(warden: Warden) -> None:
    codes: dict[int, int] = {}

    def spawn(code: int) -> None:
        process = warden.spawn(["sh", "-c", f"exit {code}"], name=f"exit {code}", env=ENV)
        codes[code] = process.wait(5).code

    threads = [threading.Thread(target=spawn, args=(code,)) for code in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == {code: code for code in range(20)}


@pytest.mark.parametrize(
    ("argv", "more", "says"),
    [
        (["no-such-program"], {}, r"no program 'no-such-program' in PATH=/usr/bin:/bin"),
        (["/etc/passwd"], {}, r"run /etc/passwd: Permission denied"),
        (["true"], {"cwd": "/no/such/place"}, r"enter /no/such/place: No such file"),
        (["true"], {"log": Path("/no/such/log")}, r"open /no/such/log for its output: No such"),
        (["true"], {"stdin": Path("/no/such/in")}, r"open /no/such/in for its input: No such"),
        (["true"], {"user": "no-such-user"}, r"no user 'no-such-user' on this machine"),
    ],
)
def test_what_cannot_start_says_why_and_leaves_nothing(
    warden: Warden, argv: list[str], more: dict[str, Path], says: str
) -> None:
    with pytest.raises(SpawnError, match=says):
        warden.spawn(argv, name="it", env=ENV, **more)  # type: ignore[arg-type]
    assert len(psutil.Process().children(recursive=True)) == 2  # the warden's own two


def test_a_script_without_its_interpreter_says_so(warden: Warden) -> None:
    script = warden.root / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    with pytest.raises(SpawnError, match=r"its interpreter .* is missing"):
        warden.spawn([script], name="script", env=ENV)


def test_a_big_environment_arrives(warden: Warden) -> None:
    env = {**ENV, **{f"V{n}": "x" * 1000 for n in range(500)}}
    process = warden.spawn(
        ["sh", "-c", "echo $V499 | wc -c"], name="sh", env=env, log=warden.root / "log"
    )
    assert output(process).strip() == "1001"
