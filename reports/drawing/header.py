"""Above the plot: what was drilled, its chips, and the sentences that matter."""

from collections.abc import Iterator
from dataclasses import dataclass

from blackstart.model.result import DrillResult
from blackstart.model.verdict import Verdict
from blackstart.reports.drawing.chips import chips, chips_width
from blackstart.reports.drawing.glyphs import verdict_glyph
from blackstart.reports.drawing.plan import plan_line
from blackstart.reports.drawing.svg import text
from blackstart.reports.drawing.text_width import fitted, wrapped
from blackstart.reports.material import DrillMaterial
from blackstart.reports.signs import VERDICT_SIGNS

_LEFT = 20.0
_LINE_PX = 18.0
_SENTENCES_MAX = 4


@dataclass(frozen=True, kw_only=True)
class Header:
    """Drawn, with the pixels that it takes."""

    drawn: str
    height: float


def header(material: DrillMaterial, *, width: float) -> Header:
    """Title, subtitle and chips; then findings, reasons or the witness, a line each."""
    room = width - 2 * _LEFT - chips_width() - 16
    lines = wrapped(title_of(material), room, 18, lines_max=2, bold=True)
    y, parts = 14.0, [chips(material.result, right=width - _LEFT, top=14)]
    for line in lines:
        y += 22
        parts.append(text(_LEFT, y - 2, line, css="t"))
    for line in wrapped(_subtitle(material), room, 12, lines_max=2):
        y += 16
        parts.append(text(_LEFT, y, line, css="m"))
    y = max(y + 12, 70)
    for kind, line in _sentences(material.result):
        y += _LINE_PX
        parts.append(_sentence(kind, line, y, width))
    return Header(drawn="".join(parts), height=y + 14)


def title_of(material: DrillMaterial) -> str:
    """The scenario's title, and the variant's where it says more."""
    titles = (material.scenario.title, material.variant.title)
    return " · ".join(dict.fromkeys(title for title in titles if title))


def _subtitle(material: DrillMaterial) -> str:
    commit = f" at {material.target_commit[:7]}" if material.target_commit else ""
    parts = (
        material.id,
        plan_line(material.variant),
        f"seed {material.seed}",
        f"{material.target}{commit}",
        material.stack,
    )
    return " · ".join(parts)


def _sentences(result: DrillResult) -> Iterator[tuple[Verdict, str]]:
    """At most four; what does not fit is counted, never silently left out."""
    told = [(Verdict.INCONCLUSIVE, reason) for reason in result.reasons]
    told += [(Verdict.BREACHED, f"{f.code.value}: {f.detail}") for f in result.findings]
    told += [(Verdict.HELD, f"witness: {line}") for line in result.witness[:1]]
    yield from told[:_SENTENCES_MAX]
    if len(told) > _SENTENCES_MAX:
        yield told[_SENTENCES_MAX][0], f"and {len(told) - _SENTENCES_MAX} more in the result file"


def _sentence(kind: Verdict, line: str, y: float, width: float) -> str:
    ink = VERDICT_SIGNS[kind].ink if kind is not Verdict.HELD else "#55616e"
    said = fitted(line, width - 2 * _LEFT - 18, 12)
    return verdict_glyph(kind, _LEFT + 5, y - 4, ink) + text(_LEFT + 18, y, said, fill=ink)
