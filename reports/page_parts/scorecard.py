"""The scorecard table of the page, and the sentences under it."""

from collections.abc import Iterator

from blackstart.model.result import DrillResult, RunResult
from blackstart.model.verdict import Verdict
from blackstart.reports.drawing.svg import escape
from blackstart.reports.figures import (
    loss_text,
    margin_text,
    measured_text,
    objective_text,
    recovery_text,
)
from blackstart.reports.page_parts.bullet import bullet
from blackstart.reports.signs import VERDICT_SIGNS
from blackstart.reports.standing import Standing, margin_s, rpo_standing, rto_standing

_HEADS = (
    ("Drill", ""),
    ("Verdict", ""),
    ("Recovery", "n"),
    ("RTO", "n"),
    ("Margin", "n"),
    ("against RTO", ""),
    ("Acked writes lost", "n"),
    ("RPO", "n"),
    ("Normal", "n"),
    ("Probes", "n"),
)


def scorecard(result: RunResult, titles: dict[str, str]) -> str:
    """A row for each drill; ``titles`` by scenario id, where known."""
    heads = "".join(f'<th class="{css}">{escape(name)}</th>' for name, css in _HEADS)
    rows = "".join(_row(drill, titles.get(drill.scenario, "")) for drill in result.drills)
    return (
        f'<section class="card"><h2>Scorecard</h2><div class="wide">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def pill(verdict: Verdict, extra: str = "") -> str:
    """Glyph and word on the verdict's colour."""
    sign = VERDICT_SIGNS[verdict]
    return f'<span class="pill {verdict.value}">{sign.glyph} {escape(sign.word + extra)}</span>'


def sentences(result: RunResult) -> str:
    """Why each drill that is not held is not, and how to replay it."""
    told = "".join(
        f"<li><b>{escape(drill.id)}</b> {pill(drill.verdict)}<ul>{''.join(_told(drill))}</ul></li>"
        for drill in result.drills
        if drill.verdict is not Verdict.HELD
    )
    return (
        f'<section class="card"><h2>What was not held</h2><ul>{told}</ul></section>' if told else ""
    )


def _row(drill: DrillResult, title: str) -> str:
    rto, rpo = rto_standing(drill), rpo_standing(drill)
    left = margin_text(margin_s(drill.rto_s, drill.recovery_s))
    label = f"recovery {recovery_text(drill)}, RTO {objective_text(drill.rto_s)}, {rto.value}"
    bar = bullet(drill.recovery_s, drill.rto_s, rto, label=label)
    name = f'<b>{escape(drill.id)}</b><br><span class="soft small">{escape(title)}</span>'
    cells = (
        f"<td>{name}</td>",
        f"<td>{pill(drill.verdict, ' (waived)' if drill.waived else '')}</td>",
        _figure(recovery_text(drill), rto),
        _figure(objective_text(drill.rto_s)),
        _figure(left, rto),
        f"<td>{bar}</td>",
        _figure(loss_text(drill), rpo),
        _figure(objective_text(drill.rpo_s)),
        _figure(measured_text(drill.normal_s)),
        _figure(f"{drill.probes:,}"),
    )
    return f"<tr>{''.join(cells)}</tr>"


def _figure(text: str, standing: Standing = Standing.MET) -> str:
    bad = " bad" if standing is Standing.MISSED else ""
    return f'<td class="n{bad}">{escape(text)}</td>'


def _told(drill: DrillResult) -> Iterator[str]:
    lines = [
        *drill.reasons,
        *(f"{finding.code.value}: {finding.detail}" for finding in drill.findings),
        *(f"witness: {line}" for line in drill.witness),
    ]
    yield from (f"<li>{escape(line)}</li>" for line in lines)
    yield f"<li>replay: <code>{escape(drill.replay)}</code></li>" if drill.replay else ""
