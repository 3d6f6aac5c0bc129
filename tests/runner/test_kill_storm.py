"""However and whenever the command is ended, nothing of it is left but the cache."""

import os
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from .running import DRILL, LEFT_LIMIT_S, ended, eventually, running

SEED = 7
AT_ONCE = 4
# Python itself comes up, then the warden; afterwards everything else, to the verdict.
EARLY_S, LIFE_S = 0.3, 11.0
EARLY, LATER = 5, 15


def moments() -> list[float]:
    """Twenty: the first of a life is crowded, and so gets more than its share."""
    chance = random.Random(SEED)
    early = [chance.uniform(0.0, EARLY_S) for _ in range(EARLY)]
    part_s = (LIFE_S - EARLY_S) / LATER
    later = [EARLY_S + part_s * (n + chance.random()) for n in range(LATER)]
    return [round(moment, 3) for moment in (*early, *later)]


def killed_at(after_s: float) -> tuple[float, list[str]]:
    """What is left of a drill that was killed then."""
    with running(*DRILL) as run:
        run.until(after_s)
        run.send(signal.SIGKILL)
        run.process.wait(LEFT_LIMIT_S)
        return after_s, run.left_in_time()


def test_a_drill_killed_at_any_of_twenty_moments_leaves_nothing() -> None:
    with ThreadPoolExecutor(AT_ONCE) as several:
        left = dict(several.map(killed_at, moments()))
    assert len(left) == 20
    assert {moment: what for moment, what in left.items() if what} == {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("after_s", [0.0, 0.2, 0.5, 1.0, 1.6, 4.0])
def test_an_interrupted_drill_tears_down_in_time(after_s: float, number: int) -> None:
    """``after_s`` counts from the run's directory: from when there is something to tear down."""
    with running(*DRILL) as run:
        assert eventually(lambda: any(run.temporary.iterdir()), limit_s=10.0)
        run.until(time.monotonic() - run.since_s + after_s)
        interrupted = time.monotonic()
        run.send(number)
        how = run.end(limit_s=10.0)
        took_s = time.monotonic() - interrupted
        assert run.left() == []
    assert (how.code, how.out) == (130, "")
    assert how.err == "interrupted; everything was torn down\n"
    assert took_s < 3.0


def test_ctrl_c_in_a_terminal_reaches_everything_and_ends_the_same() -> None:
    with running(*DRILL) as run:
        assert eventually(lambda: any(run.temporary.iterdir()), limit_s=10.0)
        run.until(time.monotonic() - run.since_s + 3.0)
        run.look()
        os.killpg(run.process.pid, signal.SIGINT)
        how = run.end(limit_s=10.0)
        assert run.left() == []
    assert how.code == 130
    assert how.err == "interrupted; everything was torn down\n"


@pytest.fixture
def home() -> Iterator[Path]:
    """A cache of its own, empty, where a server that is not root's can enter."""
    with TemporaryDirectory(prefix="cache-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_the_cache_is_the_only_thing_that_stays(home: Path) -> None:
    cache = home / "blackstart"
    how = ended(*DRILL, env={"BLACKSTART_CACHE": str(cache), "HOME": str(home)})
    assert how.code == 0, how.err
    assert [path.name for path in home.iterdir()] == ["blackstart"]
    kept = [path.name for path in cache.iterdir() if path.name != ".lock"]
    assert len(kept) == 1
    assert kept[0].startswith("postgres-")


def test_a_first_run_killed_while_it_prepares_leaves_the_cache_usable(home: Path) -> None:
    env = {"BLACKSTART_CACHE": str(home / "blackstart")}
    for after_s in (0.0, 0.25, 0.35):  # in the copy of the programs, and in Postgres' initdb
        with running(*DRILL, env=env) as run:
            assert eventually(lambda: any(home.glob("blackstart/.building-*/cluster")), limit_s=10)
            run.until(time.monotonic() - run.since_s + after_s)
            run.send(signal.SIGKILL)
            assert run.left_in_time() == []
    how = ended(*DRILL, env=env)
    assert how.code == 0, how.err
    assert not list(home.glob("blackstart/.building-*"))
