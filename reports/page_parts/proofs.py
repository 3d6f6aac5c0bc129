"""Which guardrails were proven: off, the drill must go red for the declared reason."""

from blackstart.model.result import ProofResult
from blackstart.reports.drawing.svg import escape
from blackstart.reports.signs import PROOF_SIGNS

_PILLS = {"proven": "held", "unproven": "breached", "inconclusive": "inconclusive"}


def proofs_table(proofs: tuple[ProofResult, ...]) -> str:
    """A row for each proof; nothing when none were made."""
    if not proofs:
        return ""
    heads = "".join(
        f"<th>{name}</th>" for name in ("Drill", "Guardrail off", "Expected", "Found", "")
    )
    rows = "".join(_row(proof) for proof in proofs)
    return (
        f'<section class="card"><h2>Proofs</h2><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></section>"
    )


def _row(proof: ProofResult) -> str:
    sign = PROOF_SIGNS[proof.verdict]
    found = ", ".join(code.value for code in proof.found) or "nothing"
    why = "".join(f'<br><span class="soft small">{escape(line)}</span>' for line in proof.reasons)
    cells = (
        f"<b>{escape(f'{proof.scenario}[{proof.variant}]')}</b>{why}",
        escape(proof.guardrail),
        proof.expected.value,
        found,
        f'<span class="pill {_PILLS[proof.verdict.value]}">{sign.glyph} {sign.word}</span>',
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
