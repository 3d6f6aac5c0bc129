"""The scorecard's sentences, as styled lines that never exceed the width, save for commands."""

import textwrap
from collections.abc import Iterator

from rich.text import Text

from blackstart.model.result import DrillResult, ProofResult, RunResult
from blackstart.model.verdict import ProofVerdict, Verdict
from blackstart.reports.figures import (
    NOTHING,
    loss_text,
    measured_text,
    objective_text,
    recovery_text,
)
from blackstart.reports.message import proof_message
from blackstart.reports.signs import PROOF_SIGNS, VERDICT_SIGNS, Sign

VERDICT_STYLES = {
    Verdict.HELD: "green",
    Verdict.BREACHED: "bold red",
    Verdict.INCONCLUSIVE: "yellow",
}
PROOF_STYLES = {
    ProofVerdict.PROVEN: "green",
    ProofVerdict.UNPROVEN: "bold red",
    ProofVerdict.INCONCLUSIVE: "yellow",
}
_INDENT = 4
_WITNESS_MAX = 3
_VERDICT_COLUMNS = 14  # "? inconclusive"


def headline(result: RunResult) -> Text:
    """What was drilled, where, with which seed."""
    commit = f" at {result.target_commit[:7]}" if result.target_commit else ""
    rest = f" · {result.target}{commit} · {result.stack} · seed {result.seed}"
    return Text.assemble(("Blackstart", "bold"), rest)


def verdict_word(drill: DrillResult) -> Text:
    """``✓ held``, and ``waived`` where a breach is accepted for now."""
    words = signed(VERDICT_SIGNS[drill.verdict]) + (" (waived)" if drill.waived else "")
    return Text(words, style=VERDICT_STYLES[drill.verdict])


def signed(sign: Sign) -> str:
    """Glyph and word."""
    return f"{sign.glyph} {sign.word}"


def block(drill: DrillResult, width: int) -> Iterator[Text]:
    """One drill where there is no room for a table: its verdict, then its figures."""
    word = verdict_word(drill)
    word.pad_right(max(0, _VERDICT_COLUMNS - len(word)))
    yield Text.assemble(word, "  ", (drill.id, "bold"))
    figures = (
        f"{_recovery(drill)}, RTO {objective_text(drill.rto_s)}",
        f"lost {loss_text(drill)}, RPO {objective_text(drill.rpo_s)}",
        f"normal {measured_text(drill.normal_s)}",
        f"{drill.probes:,} probes",
    )
    yield from _wrapped(" · ".join(figures), width, style="")


def _recovery(drill: DrillResult) -> str:
    said = recovery_text(drill)
    if said == NOTHING:
        return "recovery not measured"
    return f"recovery {said}" if said[0].isdigit() else said


def details(drill: DrillResult, width: int) -> Iterator[Text]:
    """Why a drill is not held: findings or reasons, the witness, and how to replay it."""
    yield Text.assemble(verdict_word(drill), "  ", (drill.id, "bold"))
    for reason in drill.reasons:
        yield from _wrapped(reason, width, style="yellow")
    for finding in drill.findings:
        yield from _wrapped(f"{finding.code.value}: {finding.detail}", width, style="red")
    for line in drill.witness[:_WITNESS_MAX]:
        yield from _wrapped(f"witness: {line}", width, style="dim")
    if drill.replay:
        yield _command(drill.replay)


def proof_details(proof: ProofResult, width: int) -> Iterator[Text]:
    """Why a guardrail is not proven, and how to replay that."""
    style = PROOF_STYLES[proof.verdict]
    name = (f"{proof.scenario}[{proof.variant}]", "bold")
    yield Text.assemble((signed(PROOF_SIGNS[proof.verdict]), style), "  ", name)
    for line in (proof_message(proof), *proof.reasons):
        yield from _wrapped(line, width, style=style)
    if proof.replay and proof.verdict is not ProofVerdict.PROVEN:
        yield _command(proof.replay)


def summary(result: RunResult) -> Text:
    """How many of each verdict, and what the surroundings cost."""
    counted = [
        (sum(d.verdict is verdict for d in result.drills), VERDICT_SIGNS[verdict].word, style)
        for verdict, style in VERDICT_STYLES.items()
    ]
    counted += [
        (
            sum(p.verdict is verdict for p in result.proofs),
            f"proof {PROOF_SIGNS[verdict].word}",
            style,
        )
        for verdict, style in PROOF_STYLES.items()
    ]
    words = [Text(f"{count} {word}", style=style) for count, word, style in counted if count]
    return Text(", ").join(words or [Text("nothing was drilled", style="yellow")])


def costs(result: RunResult) -> Text:
    """What starting and tidying up took."""
    times = (
        ("stack", result.stack_s),
        ("target", result.target_s),
        ("teardown", result.teardown_s),
    )
    return Text(" · ".join(f"{name} {measured_text(s)}" for name, s in times), style="dim")


def _command(command: str) -> Text:
    """Never wrapped: it is there to be copied."""
    return Text.assemble((" " * _INDENT + "replay: ", "dim"), (command, "bold"))


def _wrapped(line: str, width: int, *, style: str) -> Iterator[Text]:
    room = max(width - _INDENT, 20)
    for part in textwrap.wrap(line, room, subsequent_indent="  ", break_on_hyphens=False):
        yield Text(" " * _INDENT + part, style=style)
