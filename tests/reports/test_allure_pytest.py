"""The same content inside a test that allure-pytest records."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HISTORIES = Path(__file__).with_name("histories.py")

TEST = """
import importlib.util, sys, pytest
from blackstart.model.errors import BreachedError
from blackstart.reports.allure_pytest import attach
from blackstart.reports.message import status_message

spec = importlib.util.spec_from_file_location("histories", {histories!r})
histories = importlib.util.module_from_spec(spec)
sys.modules["histories"] = histories
spec.loader.exec_module(histories)


@pytest.mark.parametrize("kind", ["fallback", "breached"])
def test_drill(kind):
    material = getattr(histories, kind)()
    attach(material)
    if kind == "breached":
        raise BreachedError(status_message(material.result))
"""
CONFTEST = """
import pytest
from blackstart.reports.allure_parts.content import history_id
from blackstart.reports.allure_pytest import settle_history


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    yield
    settle_history(history_id("orders-api", item.name))
"""


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(TEST.format(histories=str(HISTORIES)))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "allure_pytest.plugin",
        *arguments,
        "test_it.py",
    ]
    # The plugins of the environment are none of this test's business.
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recorded")
    run = run_pytest(folder, "--alluredir=out")
    assert "1 failed, 1 passed" in run.stdout, run.stdout + run.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def results(recorded):
    read = [json.loads(p.read_text()) for p in recorded.glob("*-result.json")]
    return {r["name"]: r for r in read}


def test_the_running_test_gets_title_labels_and_measured_steps(results):
    breached = results["db-unavailable[kill]"]
    assert breached["status"] == "failed"
    assert "RTO_EXCEEDED: RTO 15.4 s exceeds 12 s" in breached["statusDetails"]["message"]
    assert {"name": "epic", "value": "resilience"} in breached["labels"]
    steps = {s["name"]: s for s in breached["steps"]}
    assert steps["Outage and recovery"]["stop"] - steps["Outage and recovery"]["start"] == 15_400
    assert steps["Outage and recovery"]["status"] == "failed"
    assert results["db-unavailable[stall]"]["status"] == "passed"


def test_what_the_session_says_by_itself_is_not_said_twice(results):
    names = [label["name"] for label in results["db-unavailable[kill]"]["labels"]]
    for once in ("framework", "language", "suite", "severity"):
        assert names.count(once) == 1


def test_attachments_are_in_the_directory(recorded, results):
    held = results["db-unavailable[stall]"]
    sources = [a["source"] for a in held["attachments"]]
    sources += [a["source"] for s in held["steps"] for a in s.get("attachments", [])]
    assert len(sources) == 5
    assert all((recorded / source).stat().st_size > 0 for source in sources)
    assert len(list(recorded.glob("*-perf.json"))) == 2


def test_history_hangs_on_the_drill(results):
    from blackstart.reports.allure_parts.content import history_id

    assert results["db-unavailable[kill]"]["historyId"] == history_id(
        "orders-api", "test_drill[breached]"
    )


def test_without_a_results_directory_nothing_happens(tmp_path):
    run = run_pytest(tmp_path)
    assert "1 failed, 1 passed" in run.stdout, run.stdout + run.stderr
    assert not list(tmp_path.glob("**/*-result.json"))
