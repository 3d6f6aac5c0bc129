"""What ``blackstart run`` does, apart from how it is called."""

import os
import shlex
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from blackstart.model.errors import UsageError, nearest
from blackstart.model.result import RunResult
from blackstart.reports.json_file import write_json
from blackstart.reports.junit import write_junit
from blackstart.reports.material import DrillMaterial, RunMaterial
from blackstart.reports.scorecard_terminal import print_scorecard
from blackstart.runner.execution import Drilled
from blackstart.runner.plan import DrillPlan
from blackstart.runner.progress import Told
from blackstart.runner.session import Session, commit_of, exit_code
from blackstart.scenarios.loading import catalogue, pick
from blackstart.targets.loading import find, load

STRAYS = "as large a share as the baseline had, none if it had none"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What is to be drilled, on what."""

    names: tuple[str, ...] = ()
    target: str | None = None
    config: Path | None = None
    cadence: str | None = None
    seed: int = 7
    off: tuple[str, ...] = ()

    def plans(self) -> list[DrillPlan]:
        """The drills. Raises for a name or a file that is wrong, before anything is started."""
        if self.target is not None and self.config is not None:
            raise UsageError(
                "two targets named",
                exists=f"--target {self.target}, --config {self.config}",
                fix="name one of them",
            )
        loaded = load(find(self.target, self.config))
        return [
            DrillPlan(
                loaded=loaded,
                named=self.named,
                scenario=scenario,
                variant=variant,
                seed=self.seed,
                off=self.off,
            )
            for scenario, variant in pick(self.names, self.cadence)
        ]

    @property
    def named(self) -> str:
        """How the target was named, for commands that repeat a drill."""
        if self.config is not None:
            return f"--config {shlex.quote(str(self.config))}"
        return f"--target {self.target}" if self.target else ""


@dataclass(frozen=True, kw_only=True)
class Outputs:
    """Where the result goes besides the terminal."""

    json: Path | None = None
    junit: Path | None = None
    allure: Path | None = None
    html: Path | None = None
    timelines: Path | None = None

    def check(self) -> None:
        """Raises ``UsageError`` for what can't be written, before anything is started."""
        for path in filter(None, (self.json, self.junit, self.html)):
            _check_file(path)
        for folder in filter(None, (self.allure, self.timelines)):
            _check_folder(folder)


def _check_file(path: Path) -> None:
    parent = path.absolute().parent
    if path.is_dir():
        raise UsageError(f"{path} is a folder", fix="name a file in it")
    if not parent.is_dir():
        raise UsageError(
            f"no folder {parent} to write {path.name} into", fix="make it, or name another"
        )
    if not os.access(parent, os.W_OK):
        raise UsageError(f"the folder {parent} can't be written", fix="name another")


def _check_folder(folder: Path) -> None:
    """It is made when it isn't there."""
    there = next(part for part in (folder, *folder.absolute().parents) if part.exists())
    if not there.is_dir():
        raise UsageError(f"{there} is a file, not a folder", fix="name another")
    if not os.access(there, os.W_OK):
        raise UsageError(f"the folder {there} can't be written", fix="name another")


def run(selection: Selection, outputs: Outputs, *, proving: bool) -> int:
    """Drill, prove if asked, report; returns the exit code."""
    outputs.check()
    plans = selection.plans()
    if not plans:
        raise UsageError(f"no scenario has the cadence {selection.cadence!r}", exists=_cadences())
    told = Told(Console(stderr=True))
    session = Session(plans=plans, progress=told)
    try:
        session.drill()
        if proving:
            session.prove()
    finally:
        told.close()
    result = session.result()
    print_scorecard(result, Console())
    try:
        _write(session, result, outputs)
    except OSError as error:
        raise UsageError(
            f"the result could not be written: {error.strerror}",
            exists=str(error.filename),
            fix="what was concluded stands above; name another place, and repeat it",
        ) from error
    return exit_code(result)


def _cadences() -> str:
    return nearest("", {cadence for s in catalogue().values() for cadence in s.cadences})


def _write(session: Session, result: RunResult, outputs: Outputs) -> None:
    if outputs.json is not None:
        write_json(result, outputs.json)
    if outputs.junit is not None:
        write_junit(result, outputs.junit)
    material = RunMaterial(
        result=result, drills=tuple(material_of(drilled) for drilled in session.drilled)
    )
    if outputs.allure is not None:
        from blackstart.reports.allure import write_allure

        write_allure(material, outputs.allure)
    if outputs.html is not None:
        from blackstart.reports.page import write_page

        write_page(material, outputs.html)
    if outputs.timelines is not None:
        _write_timelines(material, outputs.timelines)


def _write_timelines(material: RunMaterial, folder: Path) -> None:
    from blackstart.reports.timeline import timeline

    folder.mkdir(parents=True, exist_ok=True)
    for drill in material.drills:
        name = f"{drill.result.scenario}-{drill.result.variant}.svg"
        (folder / name).write_text(timeline(drill), encoding="utf-8")


def material_of(drilled: Drilled) -> DrillMaterial:
    """What the reports are made of."""
    plan = drilled.plan
    return DrillMaterial(
        result=drilled.result,
        scenario=plan.scenario,
        variant=plan.variant,
        history=drilled.history,
        settings=plan.settings,
        strays=STRAYS,
        seed=plan.seed,
        target=plan.configuration.target.name,
        target_commit=commit_of(plan.loaded.folder),
        wall_offset_ns=time.time_ns() - time.monotonic_ns(),
    )
