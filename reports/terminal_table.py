"""The scorecard as tables, where the terminal has room for them."""

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from blackstart.model.result import DrillResult, ProofResult
from blackstart.reports.figures import loss_text, measured_text, objective_text, recovery_text
from blackstart.reports.signs import PROOF_SIGNS
from blackstart.reports.standing import Standing, rpo_standing, rto_standing
from blackstart.reports.terminal_lines import PROOF_STYLES, signed, verdict_word

TABLE_FROM_COLUMNS = 100
_STYLES = {Standing.MET: "", Standing.MISSED: "bold red", Standing.NOT_MEASURED: "dim"}


def drill_table(drills: tuple[DrillResult, ...]) -> Table:
    """A row for each drill: verdict, figures against objectives, and what they rest on."""
    table = _table("verdict", "drill", "recovery / RTO", "lost / RPO")
    for name in ("normal", "probes"):
        table.add_column(name, justify="right", no_wrap=True)
    for drill in drills:
        recovery = f"{recovery_text(drill)} / {objective_text(drill.rto_s)}"
        loss = f"{loss_text(drill)} / {objective_text(drill.rpo_s)}"
        table.add_row(
            verdict_word(drill),
            Text(drill.id, style="bold"),
            Text(recovery, style=_STYLES[rto_standing(drill)]),
            Text(loss, style=_STYLES[rpo_standing(drill)]),
            measured_text(drill.normal_s),
            f"{drill.probes:,}",
        )
    return table


def proof_table(proofs: tuple[ProofResult, ...]) -> Table:
    """A row for each proof: which guardrail was off, what had to be found, what was."""
    table = _table("proof", "drill", "guardrail off", "expected → found")
    for proof in proofs:
        found = ", ".join(code.value for code in proof.found) or "nothing"
        table.add_row(
            Text(signed(PROOF_SIGNS[proof.verdict]), style=PROOF_STYLES[proof.verdict]),
            Text(f"{proof.scenario}[{proof.variant}]", style="bold"),
            Text(proof.guardrail),
            Text(f"{proof.expected.value} → {found}"),
        )
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim")
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, overflow="fold")
    return table
