"""What ``blackstart list`` and ``explain`` show: the catalogue, without what a drill needs."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from blackstart.model.errors import UsageError, nearest
from blackstart.model.scenario import Scenario
from blackstart.scenarios.loading import catalogue


def list_scenarios(console: Console) -> None:
    """A table of the catalogue."""
    table = Table(box=None, pad_edge=False)
    for heading in ("scenario", "priority", "cadences", "variants", "what breaks"):
        table.add_column(heading, overflow="fold")  # a name cut short could not be typed
    for s in catalogue().values():
        variants = ", ".join(v.name for v in s.variants)
        table.add_row(s.id, s.priority, ", ".join(s.cadences), variants, s.title)
    console.print(table)


def explain(name: str, console: Console) -> None:
    """Everything about one scenario, from its data."""
    known: Mapping[str, Scenario] = catalogue()
    if name not in known:
        raise UsageError(
            f"no scenario {name!r}",
            exists=nearest(name, known),
            fix="blackstart list shows them all",
        )
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
