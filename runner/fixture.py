"""What a test holds in its hands: a drill that judges itself when it is over."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from blackstart.model.errors import BreachedError, InconclusiveError
from blackstart.model.result import DrillResult
from blackstart.model.scenario import Scenario, Variant
from blackstart.model.verdict import Verdict
from blackstart.reports.material import RunMaterial
from blackstart.reports.message import status_message
from blackstart.runner.commands import Selection, material_of
from blackstart.runner.execution import Drilled, conclude, rehearse
from blackstart.runner.live import Live
from blackstart.runner.plan import DrillPlan
from blackstart.runner.progress import Silent
from blackstart.runner.session import Session
from blackstart.runner.stage import Stage
from blackstart.targets.loading import find, load


class Drill:
    """One variant on one target. ``drilled`` holds what came of it."""

    def __init__(self, config: pytest.Config, scenario: Scenario, variant: Variant) -> None:
        """The target comes from the options; nothing runs yet."""
        target, path = config.getoption("--drill-target"), config.getoption("--drill-config")
        self.plan = DrillPlan(
            loaded=load(find(target, path)),
            named=Selection(target=target, config=path).named,
            scenario=scenario,
            variant=variant,
            seed=config.getoption("--drill-seed"),
        )
        self.drilled: Drilled | None = None

    def rehearse(self) -> DrillResult:
        """Run the scenario's own steps, and judge them."""
        return self._conclude(rehearse(self.plan, Silent()))

    @contextmanager
    def __call__(self) -> Iterator[Live]:
        """Run the steps of the block on a live stage; leaving it judges."""
        with Stage(self.plan) as stage:
            live = Live(stage)
            live.warm_up()
            started = time.monotonic()
            yield live
            self._conclude(conclude(live, started=started))

    def _conclude(self, drilled: Drilled) -> DrillResult:
        self.drilled = drilled
        _attach(drilled)
        result = drilled.result
        if result.verdict is Verdict.BREACHED:
            raise BreachedError(_told(result))
        if result.verdict is Verdict.INCONCLUSIVE:
            raise InconclusiveError(_told(result))
        return result


def _attach(drilled: Drilled) -> None:
    from blackstart.reports.allure_pytest import attach

    attach(material_of(drilled))


def _told(result: DrillResult) -> str:
    return f"{status_message(result)}\nreplay: {result.replay}"


def run_material(drills: list[Drill]) -> RunMaterial:
    """Everything that the tests of one run drilled."""
    done = [drill.drilled for drill in drills if drill.drilled is not None]
    session = Session(plans=[drill.plan for drill in drills], progress=Silent(), drilled=done)
    return RunMaterial(result=session.result(), drills=tuple(material_of(d) for d in done))
