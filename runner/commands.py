"""What the commands do, apart from how they are called."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from blackstart.model.errors import UsageError, nearest
from blackstart.model.result import RunResult
from blackstart.model.scenario import Scenario
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
            return f"--config {self.config}"
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
        """Raises ``UsageError`` for a folder that isn't there, before anything is started."""
        for path in (self.json, self.junit, self.html):
            if path is not None and not path.absolute().parent.is_dir():
                raise UsageError(f"no folder {path.parent} to write {path.name} into")


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
    _report(session, result, outputs)
    return exit_code(result)


def _cadences() -> str:
    return nearest("", {cadence for s in catalogue().values() for cadence in s.cadences})


def _report(session: Session, result: RunResult, outputs: Outputs) -> None:
    print_scorecard(result, Console())
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


def list_scenarios(console: Console) -> None:
    """A table of the catalogue."""
    table = Table(box=None, pad_edge=False)
    for heading in ("scenario", "priority", "cadences", "variants", "what breaks"):
        table.add_column(heading)
    for s in catalogue().values():
        variants = ", ".join(v.name for v in s.variants)
        table.add_row(s.id, s.priority, ", ".join(s.cadences), variants, s.title)
    console.print(table)


def explain(name: str, console: Console) -> None:
    """Everything about one scenario, from its data."""
    known: Mapping[str, Scenario] = catalogue()
    if name not in known:
        raise UsageError(f"no scenario {name!r}", exists=nearest(name, known))
    scenario = known[name]
    goals = scenario.objectives
    lines = [
        f"{scenario.id} · {scenario.title} · {scenario.priority}",
        scenario.story,
        "",
        f"source        {scenario.source}",
        f"blast radius  {scenario.blast_radius}",
        f"witness       {scenario.witness}",
        f"objectives    RTO {goals.rto_s:g} s, RPO {goals.rpo_s:g} s, normal {goals.normal_s:g} s",
    ]
    for role, contract in scenario.contract.items():
        lines.append(f"{role:<13} {', '.join(contract.allowed)} within {contract.cap_s:g} s")
    for variant in scenario.variants:
        lines += ["", f"[{variant.name}] {variant.title} ({variant.inherent_s:g} s)"]
        lines += [f"  proof: without {p.guardrail} → {p.finding}" for p in variant.proofs]
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
