"""The first thing that is seen of a drill in Allure: a verdict table, and the timeline.

Allure 3 keeps inline styles and images with data addresses; Allure 2 keeps bare tables. So the
table must read well without either.
"""

import base64
from collections.abc import Iterator

from blackstart.reports.drawing.plan import plan_line
from blackstart.reports.drawing.svg import escape
from blackstart.reports.figures import (
    loss_text,
    margin_text,
    measured_text,
    objective_text,
    recovery_text,
)
from blackstart.reports.material import DrillMaterial
from blackstart.reports.signs import VERDICT_SIGNS
from blackstart.reports.standing import margin_s, rpo_standing, rto_standing

_CELL = "padding:4px 14px 4px 0;text-align:left;vertical-align:top"


def description_html(material: DrillMaterial, picture: str) -> str:
    """Story, verdict table, findings or reasons, timeline, and how to replay it."""
    source = base64.b64encode(picture.encode()).decode()
    image = f'<img alt="timeline" style="max-width:100%" src="data:image/svg+xml;base64,{source}">'
    parts = (
        f"<p>{escape(material.scenario.story)}</p>",
        _table(material),
        _sentences(material),
        f"<p>{image}</p>",
        _about(material),
        f"<p>Replay:</p><pre>{escape(material.result.replay)}</pre>",
    )
    return "".join(parts)


def _table(material: DrillMaterial) -> str:
    result, sign = material.result, VERDICT_SIGNS[material.result.verdict]
    waived = " (waived)" if result.waived else ""
    recovery_left = margin_text(margin_s(result.rto_s, result.recovery_s))
    loss_left = margin_text(margin_s(result.rpo_s, result.loss_s))
    rows = (
        ("", "measured", "objective", "margin", ""),
        ("verdict", f"{sign.glyph} {sign.word}{waived}", "", "", ""),
        (
            "recovery",
            recovery_text(result),
            f"RTO {objective_text(result.rto_s)}",
            recovery_left,
            rto_standing(result).value,
        ),
        (
            "acked writes lost",
            loss_text(result),
            f"RPO {objective_text(result.rpo_s)}",
            loss_left,
            rpo_standing(result).value,
        ),
        (
            "back to normal",
            measured_text(result.normal_s),
            objective_text(material.scenario.objectives.normal_s),
            "",
            "",
        ),
        ("probes", f"{result.probes:,}", "", "", ""),
    )
    cells = ("".join(f'<td style="{_CELL}">{escape(c)}</td>' for c in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _sentences(material: DrillMaterial) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in _told(material))
    return f"<ul>{lines}</ul>" if lines else ""


def _told(material: DrillMaterial) -> Iterator[str]:
    result = material.result
    yield from (f"inconclusive: {reason}" for reason in result.reasons)
    yield from (f"{f.code.value}: {f.detail}" for f in result.findings)
    yield from (f"witness: {line}" for line in result.witness)


def _about(material: DrillMaterial) -> str:
    scenario = material.scenario
    rows = (
        ("what was done", plan_line(material.variant)),
        ("failure mode", scenario.failure_mode),
        ("blast radius", scenario.blast_radius),
        ("guardrail", scenario.guardrail_current),
        ("stray bad answers tolerated", material.strays),
        ("test timings", ", ".join(f"{k} {v}" for k, v in material.settings.items())),
    )
    cells = (
        f'<tr><td style="{_CELL}">{escape(name)}</td><td style="{_CELL}">{escape(value)}</td></tr>'
        for name, value in rows
        if value
    )
    return f"<table>{''.join(cells)}</table>"
