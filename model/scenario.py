"""A scenario as data: what breaks, what must hold, how fast it must be back, what proves it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from blackstart.model.findings import FindingCode
from blackstart.model.outcome import Outcome
from blackstart.model.result import Record

Seconds = Annotated[float, Field(ge=0)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class Steady(Record):
    """Watch the target in its normal state for ``for_s``."""

    do: Literal["steady"]
    for_s: Seconds


class Hold(Record):
    """Keep on observing for ``for_s`` while the fault lasts."""

    do: Literal["hold"]
    for_s: Seconds


class Strike(Record):
    """Bring a fault about: ``fault`` by name on ``member``, with the fault's own ``settings``."""

    do: Literal["strike"]
    fault: Name
    member: str
    settings: dict[str, int | float | str] = Field(default_factory=dict)


class Lift(Record):
    """Lift every condition that is held."""

    do: Literal["lift"]


class Recover(Record):
    """Carry out one step of the runbook, by name."""

    do: Literal["recover"]
    step: Name
    member: str
    settings: dict[str, int | float | str] = Field(default_factory=dict)


class Load(Record):
    """Change the requests per second of roles from here on."""

    do: Literal["load"]
    rates: dict[str, Annotated[float, Field(ge=0, le=2000)]]


class Burst(Record):
    """Let ``requests`` of one role leave at the same instant."""

    do: Literal["burst"]
    role: str
    requests: Annotated[int, Field(ge=1, le=1000)]


class Replay(Record):
    """Present a token of the key that was active first, and one of the newest, to every instance.

    ``grace`` says whether the old one must still be accepted then.
    """

    do: Literal["replay"]
    grace: Literal["lasts", "over"]


Step = Annotated[
    Steady | Hold | Strike | Lift | Recover | Load | Burst | Replay,
    Field(discriminator="do"),
]


class Contract(Record):
    """What a role's answers may be while the fault lasts: an answer within it is *good*.

    ``settle_s`` after a strike, answers outside it count against the RTO only; later each is a
    finding. ``cap_s`` is the latency allowed, ``shed_cap_s`` that of refusals.
    """

    allowed: tuple[Outcome, ...] = (Outcome.OK,)
    cap_s: Seconds = 1.0
    shed_cap_s: Seconds | None = None
    max_stale_s: Seconds | None = None
    settle_s: Seconds = 0.0


class Objectives(Record):
    """Allowed time down, allowed loss, allowed time from the end of the fault to normal."""

    rto_s: Seconds
    rpo_s: Seconds = 0.0
    normal_s: Seconds = 5.0


class ExpectSignal(Record):
    """A log line of the target, named by role, within ``within_s`` of the strike."""

    check: Literal["signal"]
    signal: Name
    within_s: Seconds


class ExpectHealth(Record):
    """The health endpoint tells of the fault within ``within_s``, and is well again at the end."""

    check: Literal["health"]
    within_s: Seconds


class ExpectPool(Record):
    """The target never holds more database connections than its settings allow.

    Afterwards it holds no more than its pool's idle size.
    """

    check: Literal["pool"]


class ExpectNoStampede(Record):
    """A burst of readers on a cold cache costs at most ``share_max`` transactions per reader."""

    check: Literal["no-stampede"]
    share_max: Annotated[float, Field(gt=0, lt=1)]


class ExpectSessions(Record):
    """Nobody has to sign in again."""

    check: Literal["sessions"]


class ExpectRotation(Record):
    """New tokens carry the new key; a retired key's fresh token is refused after its grace."""

    check: Literal["rotation"]


Expectation = Annotated[
    ExpectSignal | ExpectHealth | ExpectPool | ExpectNoStampede | ExpectSessions | ExpectRotation,
    Field(discriminator="check"),
]


class ProofPlan(Record):
    """With ``guardrail`` off (and what ``masks`` it), the drill must find ``finding``.

    Findings beyond it are accepted only from ``consequences``.
    """

    guardrail: Name
    finding: FindingCode
    masks: tuple[Name, ...] = ()
    consequences: tuple[FindingCode, ...] = ()


class Variant(Record):
    """One form of a scenario."""

    name: Name
    title: str
    steps: tuple[Step, ...]
    expect: tuple[Expectation, ...] = ()
    contract: dict[str, Contract] = Field(default_factory=dict)
    proofs: tuple[ProofPlan, ...] = ()

    @property
    def inherent_s(self) -> float:
        """What the plan itself asks for, in seconds: its stretches of watching."""
        return sum(step.for_s for step in self.steps if isinstance(step, Steady | Hold))


class Scenario(Record):
    """One row of the matrix or the plan."""

    id: Name
    title: str
    story: str
    source: str
    family: str
    component: str
    failure_mode: str
    blast_radius: str
    guardrail_current: str
    guardrail_proposed: str
    effort: Literal["S", "M", "L"]
    priority: Literal["P0", "P1", "P2", "-"]
    chain: tuple[str, ...] = ()
    cadences: tuple[Literal["merge", "daily", "weekly", "monthly", "quarterly", "annual"], ...] = (
        "weekly",
    )
    witness: str
    durability: str = ""
    needs: tuple[str, ...]
    instances: Annotated[int, Field(ge=1, le=16)] = 1
    settings: dict[str, int | float] = Field(default_factory=dict)
    link_delay_ms: dict[str, int] = Field(default_factory=dict)
    rates: dict[str, float]
    objectives: Objectives
    contract: dict[str, Contract]
    expect: tuple[Expectation, ...] = ()
    variants: Annotated[tuple[Variant, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _covers_its_traffic(self) -> "Scenario":
        uncovered = set(self.rates) - set(self.contract)
        if uncovered:
            raise ValueError(f"traffic without a contract: {', '.join(sorted(uncovered))}")
        return self

    def variant(self, name: str) -> Variant | None:
        """The variant called ``name``, if there is one."""
        return next((v for v in self.variants if v.name == name), None)

    def contract_of(self, variant: Variant, role: str) -> Contract:
        """What holds for ``role`` in ``variant``: its own contract, or the scenario's."""
        return variant.contract.get(role) or self.contract[role]
