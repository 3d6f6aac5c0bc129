"""Drills under plain pytest: held is passed, breached is failed, inconclusive is broken."""

import subprocess
import sys
from pathlib import Path

import pytest

from blackstart.targets.loading import find

STORY = """
import pytest
from blackstart.faults.cut import Cut


@pytest.mark.scenario("redis-unavailable[cut]")
def test_redis_flaps(drill):
    with drill() as run:
        run.steady(for_s=1.5)
        for _ in range(2):
            with run.during(Cut(member="redis")):
                run.hold(for_s=1)
            run.steady(for_s=1.5)
"""
NOTHING_STRUCK = """
import pytest


@pytest.mark.scenario("redis-unavailable[cut]")
def test_nothing_happens(drill):
    with drill() as run:
        run.steady(for_s=1)
"""
UNMARKED = "def test_without_a_scenario(drill): ..."


@pytest.fixture
def run_pytest(tmp_path):
    def run(source: str, *options: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "test_story.py").write_text(source)
        argv = [sys.executable, "-m", "pytest", "-p", "no:valkey", "-p", "no:cacheprovider"]
        return subprocess.run(
            [*argv, *options], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=90
        )

    return run


def off(folder: Path, guardrail: str) -> Path:
    """The reference's own configuration with a guardrail off, as a user's would be."""
    text = find("reference", None).read_text()
    path = folder / "blackstart.toml"
    path.write_text(text.replace("[target.env]", f'[target.env]\nGUARDRAILS_OFF = "{guardrail}"'))
    return path


def test_a_story_in_python_is_judged_when_its_block_is_left(run_pytest):
    done = run_pytest(STORY, "--drill-target", "reference")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_a_breach_fails_the_test_with_its_finding_and_the_way_to_repeat_it(run_pytest, tmp_path):
    path = off(tmp_path, "memory-fallback")
    done = run_pytest(STORY, "--drill-config", str(path))
    assert done.returncode == 1
    assert "BreachedError: BARE_500" in done.stdout
    assert f"replay: blackstart run 'redis-unavailable[cut]' --config {path}" in done.stdout


def test_without_evidence_the_test_is_broken_not_passed(run_pytest):
    done = run_pytest(NOTHING_STRUCK, "--drill-target", "reference")
    assert done.returncode == 1
    assert "InconclusiveError: INCONCLUSIVE" in done.stdout


def test_a_drill_without_a_scenario_says_how_to_name_one(run_pytest):
    done = run_pytest(UNMARKED, "--drill-target", "reference")
    assert done.returncode == 1
    assert "@pytest.mark.scenario(id)" in done.stdout
