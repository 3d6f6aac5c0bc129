"""The pytest plugin: the ``drill`` fixture, one test for each variant of its scenario.

``@pytest.mark.scenario("redis-unavailable")`` on a test that asks for ``drill`` makes it run once
for every variant. Held is passed, breached is failed, inconclusive is broken (an error of its own).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from blackstart.runner.fixture import Drill

_DEFAULT_SEED = 7
DRILL: "pytest.StashKey[Drill]" = pytest.StashKey()
DRILLED: "pytest.StashKey[list[Drill]]" = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which target, with which seed."""
    group = parser.getgroup("blackstart", "disaster drills")
    group.addoption("--drill-target", help="a shipped target: reference")
    group.addoption("--drill-config", type=Path, help="your own target's blackstart.toml")
    group.addoption("--drill-seed", type=int, default=_DEFAULT_SEED, help="default: %(default)s")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "scenario(id): the scenario that this test drills")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each variant of the marked scenario."""
    mark = metafunc.definition.get_closest_marker("scenario")
    if mark is None or "drill" not in metafunc.fixturenames:
        return
    from blackstart.scenarios.loading import pick

    drills = pick(mark.args)
    ids = [variant.name for _, variant in drills]
    metafunc.parametrize("drill", drills, ids=ids, indirect=True)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Keep a drill's history in Allure on the drill's own id, wherever its test stands."""
    yield
    drill = item.stash.get(DRILL, None)
    if drill is not None:
        from blackstart.reports.allure_parts.content import history_id
        from blackstart.reports.allure_pytest import settle_history

        settle_history(history_id(drill.plan.configuration.target.name, drill.plan.id))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the run's own files beside Allure's results (once, by the controller)."""
    folder = session.config.getoption("--alluredir", None)
    drills = session.config.stash.get(DRILLED, [])
    if not folder or not drills or hasattr(session.config, "workerinput"):
        return
    from blackstart.reports.allure import write_run_files
    from blackstart.runner.fixture import run_material

    write_run_files(run_material(drills), Path(folder))


@pytest.fixture
def drill(request: pytest.FixtureRequest) -> "Drill":
    """The drill of this test: ``drill.rehearse()``, or ``with drill() as run: …``."""
    from blackstart.runner.fixture import Drill

    if not hasattr(request, "param"):
        raise pytest.UsageError("a test that drills names its scenario: @pytest.mark.scenario(id)")
    scenario, variant = request.param
    made = Drill(request.config, scenario, variant)
    request.node.stash[DRILL] = made
    request.config.stash.setdefault(DRILLED, []).append(made)
    return made
