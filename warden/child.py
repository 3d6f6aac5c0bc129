"""Start one process: in a session of its own, dying with the warden, with nothing inherited."""

import os
import pwd
import resource
import shutil
import signal
import time
from dataclasses import dataclass
from typing import NoReturn

from blackstart.warden import kernel

# What the warden ignores, or who started its owner, would stay ignored after exec: what a shell
# runs in the background ignores SIGINT and SIGQUIT.
RESTORED = signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}


class LaunchError(Exception):
    """The program did not start; the text says at which step and why."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to start: argv, its whole environment, and where its output goes."""

    argv: list[str]
    env: dict[str, str]
    cwd: str
    log: str | None
    user: str | None
    umask: int
    stdin: str | None


@dataclass(frozen=True, kw_only=True)
class Launched:
    """A process that runs its own program: fork was called and exec was seen at these instants."""

    pid: int
    called_ns: int
    started_ns: int


@dataclass(frozen=True, kw_only=True)
class _Means:
    """What was looked up and opened before the fork."""

    program: str
    identity: pwd.struct_passwd | None
    stdin: int
    output: int


def launch(order: Order) -> Launched:
    """Fork and exec; returns once exec has succeeded. Raises ``LaunchError``, leaving nothing."""
    means = _means(order)
    told, tell = os.pipe()
    try:
        called_ns = time.monotonic_ns()
        warden = os.getpid()
        pid = os.fork()
        if pid == 0:
            _become(order, means, tell=tell, warden=warden)
        os.close(tell)
        tell = -1
        failure = os.read(told, 4096)
        started_ns = time.monotonic_ns()
    finally:
        for fd in filter(lambda fd: fd >= 0, (means.stdin, means.output, told, tell)):
            os.close(fd)
    if failure:
        os.waitpid(pid, 0)
        raise LaunchError(failure.decode())
    return Launched(pid=pid, called_ns=called_ns, started_ns=started_ns)


def _means(order: Order) -> _Means:
    program, identity = _program(order), _identity(order.user)
    stdin, output = _streams(order)
    return _Means(program=program, identity=identity, stdin=stdin, output=output)


def _program(order: Order) -> str:
    name = order.argv[0]
    found = name if "/" in name else shutil.which(name, path=order.env.get("PATH", os.defpath))
    if found is None:
        path = order.env.get("PATH", os.defpath)
        raise LaunchError(f"no program {name!r} in PATH={path}")
    return found


def _identity(user: str | None) -> pwd.struct_passwd | None:
    if user is None:
        return None
    try:
        identity = pwd.getpwnam(user)
    except KeyError:
        raise LaunchError(f"no user {user!r} on this machine") from None
    return None if identity.pw_uid == os.geteuid() else identity


def _streams(order: Order) -> tuple[int, int]:
    try:
        stdin = os.open(order.stdin or os.devnull, os.O_RDONLY)
    except OSError as error:
        raise LaunchError(f"open {order.stdin} for its input: {error.strerror}") from error
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        return stdin, os.open(order.log or os.devnull, flags, 0o600)
    except OSError as error:
        os.close(stdin)
        raise LaunchError(f"open {order.log} for its output: {error.strerror}") from error


def _become(order: Order, means: _Means, *, tell: int, warden: int) -> NoReturn:
    """In the child: never returns, and says over ``tell`` why it could not become the program."""
    step, program, missing = "prepare", means.program, ""
    try:
        _detach(means)
        step = f"become user {order.user}"
        _take_on(means.identity)
        kernel.die_with_parent()
        if os.getppid() != warden:  # it died before the line above: nobody would end this one
            os._exit(1)
        step = f"enter {order.cwd}"
        os.chdir(order.cwd)
        os.umask(order.umask)
        step = f"run {program}"
        if os.path.exists(program):  # noqa: PTH110 (nothing may be imported here)
            missing = "its interpreter (the first line, or the loader) is missing"
        os.execve(program, order.argv, order.env)  # noqa: S606 (no shell is meant)
    except FileNotFoundError as error:
        os.write(tell, f"{step}: {missing or error.strerror}".encode())
    except OSError as error:
        os.write(tell, f"{step}: {error.strerror}".encode())
    finally:
        os._exit(127)


def _detach(means: _Means) -> None:
    os.setsid()
    signal.set_wakeup_fd(-1)
    for number in RESTORED:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for source, target in ((means.stdin, 0), (means.output, 1), (means.output, 2)):
        os.dup2(source, target)
    # A SIGQUIT at the end must not write a core file into somebody's directory.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _take_on(identity: pwd.struct_passwd | None) -> None:
    if identity is not None:
        os.setgroups([])
        os.setgid(identity.pw_gid)
        os.setuid(identity.pw_uid)
