"""The result of a run: what is written to ``--json`` and what every report renders.

Others script against these names; they change only with a CHANGELOG entry. Absent figures are null.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from blackstart.model.findings import FindingCode
from blackstart.model.outcome import Outcome
from blackstart.model.verdict import ProofVerdict, Verdict

SCHEMA = 1


class Record(BaseModel):
    """A frozen record without surprises: unknown names are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FoundRecord(Record):
    """One finding as it is written down."""

    code: FindingCode
    detail: str


class DrillResult(Record):
    """One judged variant on one target. Seconds throughout; ``null`` where nothing was measured."""

    scenario: str
    variant: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    waived: bool = False
    findings: tuple[FoundRecord, ...] = ()
    witness: tuple[str, ...] = ()
    probes: int = 0
    outcomes: dict[Outcome, int] = Field(default_factory=dict)
    recovery_s: float | None = None
    recovery_resolution_s: float | None = None
    rto_s: float | None = None
    normal_s: float | None = None
    detect_s: float | None = None
    acked: int = 0
    refused: int = 0
    unknown: int = 0
    lost_writes: int | None = None
    loss_s: float | None = None
    rpo_s: float | None = None
    duration_s: float = 0.0
    inherent_s: float = 0.0
    replay: str = ""

    @property
    def id(self) -> str:
        """``scenario[variant]``, as on the command line."""
        return f"{self.scenario}[{self.variant}]"


class ProofResult(Record):
    """Whether a drill went red, for the declared reason, with a guardrail off."""

    scenario: str
    variant: str
    guardrail: str
    expected: FindingCode
    found: tuple[FindingCode, ...] = ()
    verdict: ProofVerdict
    reasons: tuple[str, ...] = ()
    replay: str = ""


class RunResult(Record):
    """Everything that one command concluded."""

    schema_: int = Field(default=SCHEMA, alias="schema")
    verdict: Verdict
    seed: int
    started_at: datetime
    tool_version: str
    target: str
    target_commit: str | None
    config_sha256: str
    stack: str
    stack_s: float
    target_s: float
    teardown_s: float
    drills: tuple[DrillResult, ...] = ()
    proofs: tuple[ProofResult, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
