"""What the command can't do is refused with what, where and what to do; and nothing is left."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator

import pytest

from .conftest import SERVICE
from .running import COMMAND, DRILL, Ended, ended

DRILLED = DRILL[:2]


def refused(how: Ended) -> str:
    """What a command said that could not start: one message, with no traceback and no verdict."""
    assert (how.code, how.out) == (3, ""), how.err
    assert how.err.startswith("error: ")
    assert how.err.count("error: ") == 1
    assert "Traceback" not in how.err
    return how.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["run", "redis-unavailble", "--target", "reference"],
            [
                "no scenario 'redis-unavailble'",
                "nearest: redis-unavailable",
                "fix: blackstart list",
            ],
        ),
        (
            ["run", "redis-unavailable[cutt]", "--target", "reference"],
            ["redis-unavailable has no variant 'cutt'", "nearest: cut;", "restart-empty", "fix: "],
        ),
        (
            ["run", "redis-unavailable[cut"],
            ["no target named"],
        ),
        (
            ["run", "redis-unavailable[cut", "--target", "reference"],
            ["no scenario 'redis-unavailable[cut'", "nearest: redis-unavailable[cut]", "fix: "],
        ),
        (["explain", "nope"], ["no scenario 'nope'", "known: auth-key-rotated", "fix: "]),
        (["run"], ["no target named", "looked for /", "--target reference, or --config FILE"]),
        (
            ["run", "--target", "refrence"],
            ["no target 'refrence'", "nearest: reference", "--config"],
        ),
        (
            ["run", "--target", "reference", "--config", "x.toml"],
            ["two targets named", "--config x.toml", "fix: name one"],
        ),
        (["run", "--traget", "reference"], ["No such option: --traget", "--target", "--help"]),
        (["run", "--seed", "seven"], ["--seed", "integer", "--help"]),
        (["drill"], ["No such command 'drill'", "--help"]),
        (["run", "--target", "reference", "--cadence", "hourly"], ["'hourly'", "known: merge"]),
        (
            ["run", "--target", "reference", "--off", "braker"],
            ["no switch for the guardrail 'braker'", "nearest: breaker", "fix: "],
        ),
        ([*DRILL, "--json", "/gone/x.json"], ["no folder /gone", "x.json", "fix: "]),
        ([*DRILL, "--junit", "/tmp"], ["/tmp is a folder", "fix: "]),
        ([*DRILL, "--allure", "/etc/hosts"], ["/etc/hosts is a file", "fix: "]),
        ([*DRILL, "--timelines", "/etc/hosts/in"], ["/etc/hosts is a file", "fix: "]),
        (
            [*DRILLED, "--config", "/gone.toml"],
            ["/gone.toml: cannot read the configuration: No such file", "fix: "],
        ),
    ],
)
def test_what_is_not_there_is_refused_with_what_there_is(arguments, says):
    how = ended(*arguments)
    said = refused(how)
    assert [part for part in says if part not in said] == []
    assert how.took_s < 5


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('name = "own"', "name = own"), "not TOML: Invalid value (at line 3"),
        (('name = "own"', 'nmae = "own"'), "target.name: Field required; target.nmae: Extra"),
        (("GET /items", "FETCH /items"), "traffic.read.request: String should match"),
        (('"redis"]', '"redis", "kafka"]'), "no kind of service is called 'kafka'"),
        (("{port}", "{prot}"), "[target].start: nothing is called {prot}\nnearest: port"),
    ],
)
def test_a_broken_configuration_is_refused_with_its_place(own, change, says):
    said = refused(ended(*DRILLED, "--config", own(change)))
    assert says in said
    assert "fix: " in said


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            [("{python} ", "nonesuch ")],
            ["own-0 did not start: no program 'nonesuch'", "[target].start is run in", "{python}"],
        ),
        (
            [(f"{SERVICE}", "/gone.py")],
            ["own-0: ended with code 2 before it was ready", "can't open file '/gone.py'", "fix: "],
        ),
        (
            [(f"{{python}} {SERVICE}", "sh -c 'sleep 60'"), ("needs", "ready_limit_s=0.3\nneeds")],
            ["own-0: not ready in 0.3 s", "asked GET / on port", "log, /", "ready_limit_s"],
        ),
        (
            [("needs", "migrate = ['sh', '-c', 'echo no table; exit 5']\nneeds")],
            ["own: the migration failed (exit code 5)", "no table", "fix: "],
        ),
        (
            [("needs", "migrate = 'nonesuch'\nneeds")],
            ["own: the migration did not start: no program", "[target].migrate is run in", "fix: "],
        ),
        (
            [("needs", "cwd = 'gone'\nneeds")],
            ["own-0 did not start: enter /", "/gone: No such file", "fix: "],
        ),
    ],
)  # fmt: skip
def test_a_target_that_does_not_come_up_says_why_and_leaves_nothing(own, changes, says):
    said = refused(ended(*DRILLED, "--config", own(*changes)))
    assert [part for part in says if part not in said] == []


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_configured_port_that_is_taken_is_named(own, taken):
    said = refused(ended(*DRILLED, "--config", own(more=f"[members.redis]\nport = {taken}\n")))
    assert f"redis: port {taken} of 127.0.0.1 is taken" in said
    assert f"[members.redis] port = {taken}" in said
    assert "fix: end what listens there" in said


def test_a_missing_extra_says_what_to_install(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['moto'] = None\n")
    said = refused(ended(*DRILL, env={"PYTHONPATH": str(tmp_path)}))
    assert "moto's server (package moto) is not installed\nlooked in: /" in said
    assert "fix: pip install 'blackstart[s3]'" in said


def can_mount() -> bool:
    """Whether a disk of our own can be put under a process of our own."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    tried = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="only root can put a small disk under a process")
def test_a_disk_without_room_is_said():
    small = 'mount -t tmpfs -o size=20m,mode=755 none "$TMPDIR" && exec "$0" "$@"'
    how = ended(*DRILL, command=["unshare", "--mount", "sh", "-c", small, COMMAND])
    said = refused(how)
    assert "no space for the stack: it needs" in said
    assert "20 MiB are free\nits disks are to lie in /tmp/" in said or "19 MiB are free" in said
    assert "fix: free some, or set TMPDIR" in said
