"""Glyph, word and colour of every outcome and verdict: colour is never the only sign."""

from dataclasses import dataclass

from blackstart.model.outcome import Outcome
from blackstart.model.verdict import ProofVerdict, Verdict


@dataclass(frozen=True, kw_only=True)
class Sign:
    """How one kind of thing is shown: a ``glyph``, a ``word``, and colours."""

    glyph: str
    word: str
    colour: str
    ink: str  # dark enough for small text on white (contrast 4.5 or more)


OUTCOME_SIGNS = {
    Outcome.OK: Sign(glyph="●", word="ok", colour="#2f9e6b", ink="#1b7a4e"),
    Outcome.STALE: Sign(glyph="◔", word="stale", colour="#17a2b8", ink="#0b7285"),
    Outcome.DEGRADED: Sign(glyph="◐", word="degraded", colour="#dfa000", ink="#8a6100"),
    Outcome.SHED: Sign(glyph="◇", word="shed", colour="#6b7fdb", ink="#4355b0"),
    Outcome.ERROR: Sign(glyph="✕", word="error", colour="#d64545", ink="#b72c2c"),
    Outcome.TIMEOUT: Sign(glyph="▲", word="timeout", colour="#7a1f3d", ink="#7a1f3d"),
}

VERDICT_SIGNS = {
    Verdict.HELD: Sign(glyph="✓", word="held", colour="#1f8a5b", ink="#167048"),
    Verdict.BREACHED: Sign(glyph="✕", word="breached", colour="#c93636", ink="#b72c2c"),
    Verdict.INCONCLUSIVE: Sign(glyph="?", word="inconclusive", colour="#b07a00", ink="#8a6100"),
}

PROOF_SIGNS = {
    ProofVerdict.PROVEN: Sign(glyph="✓", word="proven", colour="#1f8a5b", ink="#167048"),
    ProofVerdict.UNPROVEN: Sign(glyph="✕", word="unproven", colour="#c93636", ink="#b72c2c"),
    ProofVerdict.INCONCLUSIVE: Sign(
        glyph="?", word="inconclusive", colour="#b07a00", ink="#8a6100"
    ),
}
