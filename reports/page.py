"""The scorecard page: one HTML file, no script, nothing loaded from elsewhere, good on paper."""

from pathlib import Path

from blackstart.model.result import RunResult
from blackstart.model.verdict import Verdict
from blackstart.reports.atomic_file import write_atomically
from blackstart.reports.drawing.svg import escape
from blackstart.reports.figures import measured_text
from blackstart.reports.material import RunMaterial
from blackstart.reports.page_parts.proofs import proofs_table
from blackstart.reports.page_parts.scorecard import scorecard, sentences
from blackstart.reports.page_parts.style import CSS
from blackstart.reports.page_parts.tiles import tiles
from blackstart.reports.signs import VERDICT_SIGNS
from blackstart.reports.timeline import timeline

_MEASURED = (
    (
        "recovery",
        "strike called → the start of the first stretch of good answers that then lasts to the end "
        "of the drill; ± is what lies between the last bad and the first good answer",
    ),
    ("good", "an answer that its degradation contract allows, in kind and in time"),
    ("lost", "writes that the target acknowledged and that are missing afterwards"),
    ("normal", "end of the fault → answers as in the baseline before it"),
    ("latency", "from the instant at which a request was due, whatever the target did (open loop)"),
    ("inconclusive", "the evidence does not carry a verdict; it is never green"),
)


def write_page(run: RunMaterial, path: Path) -> None:
    """Write the page at ``path``, whole or not at all."""
    write_atomically(path, page(run).encode())


def page(run: RunMaterial) -> str:
    """Header and tiles, scorecard, what was not held, proofs, a timeline for each drill."""
    result = run.result
    titles = {material.scenario.id: material.scenario.title for material in run.drills}
    pictures = (
        f'<section class="card">{timeline(material, scope=f"tl-{index}")}</section>'
        for index, material in enumerate(run.drills)
    )
    body = (
        _header(result),
        tiles(result),
        scorecard(result, titles),
        sentences(result),
        proofs_table(result.proofs),
        *pictures,
        _how_measured(result),
    )
    title = escape(f"Blackstart: {result.target}, {result.verdict.value}")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{CSS}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def _header(result: RunResult) -> str:
    commit = f" · commit {result.target_commit[:7]}" if result.target_commit else ""
    about = (
        f"{result.started_at:%d %b %Y, %H:%M} UTC{commit} · {result.stack} · "
        f"seed {result.seed} · Blackstart {result.tool_version}"
    )
    return (
        f"<header><div><h1>Disaster drills · {escape(result.target)}</h1>"
        f'<div class="soft">{escape(about)}</div></div>'
        f'<span class="pill {result.verdict.value}">{escape(_conclusion(result))}</span></header>'
    )


def _conclusion(result: RunResult) -> str:
    """How many of the drills are as the run's verdict says."""
    sign, total = VERDICT_SIGNS[result.verdict], len(result.drills)
    same = sum(drill.verdict is result.verdict for drill in result.drills)
    if result.verdict is Verdict.HELD:
        return f"{sign.glyph} all {total} held"
    return f"{sign.glyph} {same} of {total} {sign.word}"


def _how_measured(result: RunResult) -> str:
    items = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in _MEASURED)
    costs = (
        f"stack up in {measured_text(result.stack_s)}, target in {measured_text(result.target_s)}, "
        f"torn down in {measured_text(result.teardown_s)}; "
        f"configuration {result.config_sha256[:12]}"
    )
    return (
        f'<section class="card small"><h2>How it was measured</h2><dl>{items}'
        f"<dt>surroundings</dt><dd>{escape(costs)}</dd></dl></section>"
    )
