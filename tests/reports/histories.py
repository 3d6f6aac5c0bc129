"""Drills that never happened, from a seed: probes, marks and the result that fits them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.history import ENDINGS, OUTCOMES, PROBE, History, Mark, MarkKind
from blackstart.measures.layout import Failure
from blackstart.model.findings import FindingCode
from blackstart.model.outcome import Ending, Outcome
from blackstart.model.result import DrillResult, FoundRecord, RunResult
from blackstart.model.scenario import Scenario
from blackstart.model.verdict import Verdict
from blackstart.reports.material import DrillMaterial

S = 1_000_000_000
BEGAN_NS = 7_000 * S
WALL_OFFSET_NS = 1_795_300_000 * S - BEGAN_NS

SCENARIO = {
    "id": "db-unavailable",
    "title": "The primary database is lost",
    "story": "Reads go on from the replica; writes are shed at once and come back in time.",
    "source": "004",
    "family": "resilience",
    "component": "postgres",
    "failure_mode": "primary lost",
    "blast_radius": "writes",
    "guardrail_current": "none",
    "guardrail_proposed": "replica",
    "effort": "M",
    "priority": "P1",
    "witness": "the process is gone",
    "needs": ["postgres"],
    "rates": {"read": 40, "write": 10},
    "objectives": {"rto_s": 20, "rpo_s": 5},
    "contract": {"read": {}, "write": {}},
    "variants": [
        {
            "name": "kill",
            "title": "process killed, disk discarded",
            "steps": [
                {"do": "steady", "for_s": 20},
                {"do": "strike", "fault": "kill", "member": "postgres"},
                {"do": "recover", "step": "promote", "member": "replica"},
                {"do": "steady", "for_s": 25},
            ],
        },
        {
            "name": "stall",
            "title": "answers stall",
            "steps": [
                {"do": "steady", "for_s": 3},
                {"do": "strike", "fault": "stall", "member": "redis"},
                {"do": "hold", "for_s": 3},
                {"do": "lift"},
                {"do": "steady", "for_s": 3},
            ],
        },
    ],
}


@dataclass
class Phase:
    """From ``from_s`` on, answers are of these kinds (with weights) and this slow."""

    from_s: float
    mix: dict[Outcome, float]
    latency_ms: dict[Outcome, tuple[float, float]] = field(default_factory=dict)


LATENCY_MS = {
    Outcome.OK: (8, 0.25),
    Outcome.STALE: (3, 0.3),
    Outcome.DEGRADED: (100, 0.5),
    Outcome.SHED: (1.7, 0.25),
    Outcome.ERROR: (15, 0.6),
    Outcome.TIMEOUT: (1000, 0.002),
}
ENDING_OF = {Outcome.OK: Ending.ACKED, Outcome.DEGRADED: Ending.ACKED, Outcome.SHED: Ending.REFUSED}


def scenario(**changes: object) -> Scenario:
    return Scenario.model_validate(SCENARIO | changes)


def probes(phases: list[Phase], lasts_s: float, rates: dict[str, float], seed: int = 7) -> NDArray:
    rng = np.random.default_rng(seed)
    parts = []
    for role, rate in enumerate(rates.values()):
        due = np.arange(0, lasts_s, 1 / rate) + role / 97 / rate
        rows = np.zeros(len(due), dtype=PROBE)
        rows["role"], rows["seq"] = role, np.arange(len(due))
        rows["scheduled_ns"] = BEGAN_NS + (due * S).astype(np.int64)
        for index, at_s in enumerate(due):
            phase = [p for p in phases if p.from_s <= at_s][-1]
            kinds = list(phase.mix)
            weights = np.array([phase.mix[k] for k in kinds])
            kind = kinds[rng.choice(len(kinds), p=weights / weights.sum())]
            middle, spread = phase.latency_ms.get(kind, LATENCY_MS[kind])
            took_ms = middle * np.exp(rng.normal(0, spread))
            rows["outcome"][index] = OUTCOMES.index(kind)
            rows["ended_ns"][index] = rows["scheduled_ns"][index] + int(took_ms * 1e6)
            if role == 1:
                rows["ending"][index] = ENDINGS.index(ENDING_OF.get(kind, Ending.UNKNOWN))
            rows["status"][index] = {Outcome.SHED: 503, Outcome.ERROR: 500, Outcome.TIMEOUT: 0}.get(
                kind, 200
            )
            rows["failure"][index] = Failure.BARE if kind is Outcome.ERROR else Failure.NONE
        rows["sent_ns"] = rows["scheduled_ns"] + 100_000
        parts.append(rows)
    whole = np.concatenate(parts)
    return whole[np.argsort(whole["scheduled_ns"], kind="stable")]


def mark(at_s: float, kind: MarkKind, text: str = "", **data: object) -> Mark:
    return Mark(at_ns=BEGAN_NS + int(at_s * S), kind=kind, text=text, data=data)


def counts(history: History) -> dict[Outcome, int]:
    return {o: int((history.probes["outcome"] == i).sum()) for i, o in enumerate(OUTCOMES)}


def material(
    history: History | None, variant: str = "kill", plan: Scenario | None = None, **result: object
) -> DrillMaterial:
    plan = plan or scenario()
    found = {
        "scenario": plan.id,
        "variant": variant,
        "verdict": Verdict.HELD,
        "probes": len(history.probes) if history else 0,
        "outcomes": counts(history) if history else {},
        "replay": f"blackstart run '{plan.id}[{variant}]' --target orders-api --seed 7",
        "rto_s": 20.0,
        "rpo_s": 5.0,
        "duration_s": 60.2,
        "inherent_s": 60.0,
    }
    chosen = plan.variant(variant)
    assert chosen is not None
    return DrillMaterial(
        result=DrillResult.model_validate(found | result),
        scenario=plan,
        variant=chosen,
        history=history,
        settings={"breaker_reset_s": "2", "failures_to_open": "5"},
        strays="2 in 1,000, from the baseline",
        seed=7,
        target="orders-api",
        target_commit="4f2c1ab9e0d1c2b3",
        wall_offset_ns=WALL_OFFSET_NS,
    )


def outage(seed: int = 7, rate: float = 50, **result: object) -> DrillMaterial:
    """Twelve seconds of fault, good again after 15.4 s, a few writes lost."""
    ok, deg = {Outcome.OK: 1.0}, Outcome.DEGRADED
    phases = [
        Phase(0, ok | {deg: 0.003}),
        Phase(20, {Outcome.ERROR: 5, Outcome.TIMEOUT: 5, Outcome.OK: 0.3}),
        Phase(24, {Outcome.SHED: 6, Outcome.ERROR: 2, deg: 1, Outcome.TIMEOUT: 0.8}),
        Phase(26.5, {Outcome.SHED: 5, Outcome.ERROR: 1, Outcome.STALE: 2, Outcome.TIMEOUT: 0.2}),
        Phase(29, {deg: 4, Outcome.SHED: 4, Outcome.ERROR: 0.6, Outcome.STALE: 1}),
        Phase(32, {deg: 1, Outcome.OK: 1}, {Outcome.OK: (20, 0.3)}),
        Phase(35.4, ok | {deg: 0.001}, {Outcome.OK: (11, 0.25)}),
        Phase(37, ok | {deg: 0.001}),
    ]
    marks = (
        mark(0, MarkKind.STEADY, "steady state"),
        mark(20, MarkKind.STRIKE_CALLED, "kill postgres"),
        mark(20.03, MarkKind.STRIKE_COMPLETED, "kill postgres"),
        mark(20.1, MarkKind.WITNESS, "process 4711 is gone"),
        mark(20.8, MarkKind.SIGNAL, "health red"),
        mark(24.0, MarkKind.SIGNAL, "breaker open"),
        mark(24.5, MarkKind.RECOVERY_CALLED, "promote replica"),
        mark(32.0, MarkKind.RECOVERED, "promote replica"),
        mark(60.0, MarkKind.END, ""),
    )
    rates = {"read": rate * 0.8, "write": rate * 0.2}
    history = History(roles=tuple(rates), probes=probes(phases, 60, rates, seed), marks=marks)
    found: dict[str, object] = {
        "recovery_s": 15.4,
        "recovery_resolution_s": 0.02,
        "normal_s": 5.1,
        "loss_s": 2.3,
        "lost_writes": 31,
        "acked": 512,
        "refused": 60,
        "unknown": 28,
        "witness": ("process 4711 is gone", "postgres refuses connections"),
    }
    return material(history, **(found | result))


def breached(**result: object) -> DrillMaterial:
    """Good again, but too late; and a bare error on the way."""
    found: dict[str, object] = {
        "verdict": Verdict.BREACHED,
        "rto_s": 12.0,
        "findings": (
            FoundRecord(code=FindingCode.RTO_EXCEEDED, detail="RTO 15.4 s exceeds 12 s"),
            FoundRecord(code=FindingCode.BARE_500, detail="161 answers were bare server errors"),
        ),
    }
    return outage(**(found | result))


def fallback(**result: object) -> DrillMaterial:
    """Every answer stays good: the fallback is perfect."""
    phases = [
        Phase(0, {Outcome.OK: 1}),
        Phase(3, {Outcome.OK: 2, Outcome.STALE: 3}),
        Phase(6.1, {Outcome.OK: 1}),
    ]
    marks = (
        mark(3, MarkKind.STRIKE_CALLED, "stall redis"),
        mark(3.01, MarkKind.STRIKE_COMPLETED, "stall redis"),
        mark(6, MarkKind.LIFTED, "lifted"),
        mark(9, MarkKind.END),
    )
    rates = {"read": 80.0, "write": 20.0}
    history = History(roles=tuple(rates), probes=probes(phases, 9, rates), marks=marks)
    found: dict[str, object] = {
        "recovery_s": 0.0,
        "recovery_resolution_s": 0.02,
        "normal_s": 0.1,
        "loss_s": 0.0,
        "lost_writes": 0,
        "acked": 180,
        "rto_s": 5.0,
        "rpo_s": 0.0,
        "witness": ("redis: no answer to a direct PING in 1 s",),
        "duration_s": 9.2,
    }
    return material(history, "stall", **(found | result))


def never_back(**result: object) -> DrillMaterial:
    """Errors from the strike to the end."""
    phases = [Phase(0, {Outcome.OK: 1}), Phase(3, {Outcome.ERROR: 3, Outcome.TIMEOUT: 1})]
    marks = (
        mark(3, MarkKind.STRIKE_CALLED, "stall redis"),
        mark(3.01, MarkKind.STRIKE_COMPLETED, "stall redis"),
        mark(6, MarkKind.LIFTED, "lifted"),
        mark(9, MarkKind.END),
    )
    rates = {"read": 40.0, "write": 10.0}
    history = History(roles=tuple(rates), probes=probes(phases, 9, rates), marks=marks)
    sentence = "good answers did not come back in 6 s"
    found: dict[str, object] = {
        "verdict": Verdict.BREACHED,
        "findings": (FoundRecord(code=FindingCode.NOT_RECOVERED, detail=sentence),),
        "lost_writes": 0,
        "loss_s": 0.0,
        "acked": 30,
        "rpo_s": 0.0,
        "rto_s": 5.0,
        "witness": ("redis: no answer to a direct PING in 1 s",),
    }
    return material(history, "stall", **(found | result))


def inconclusive(**result: object) -> DrillMaterial:
    """Steady state seen, but nothing confirms that the fault bit."""
    phases = [Phase(0, {Outcome.OK: 1})]
    marks = (mark(3, MarkKind.STRIKE_CALLED, "stall redis"), mark(5, MarkKind.END))
    history = History(roles=("read",), probes=probes(phases, 5, {"read": 30.0}), marks=marks)
    found: dict[str, object] = {
        "verdict": Verdict.INCONCLUSIVE,
        "reasons": ("no witness: nothing confirms that redis was stalled",),
        "rto_s": 5.0,
        "rpo_s": 0.0,
    }
    return material(history, "stall", **(found | result))


def never_began(**result: object) -> DrillMaterial:
    """Not even a probe was sent."""
    found: dict[str, object] = {
        "verdict": Verdict.INCONCLUSIVE,
        "reasons": ("orders-api: not healthy in 10 s",),
        "duration_s": 0.0,
    }
    return material(None, "stall", **(found | result))


def run_of(*drills: DrillMaterial, **changes: object) -> RunResult:
    """The run that these drills make."""
    from blackstart.model.verdict import worst

    made: dict[str, object] = {
        "schema": 1,
        "verdict": worst(d.result.verdict for d in drills),
        "seed": 7,
        "started_at": "2026-11-21T22:43:00Z",
        "tool_version": "0.1.0",
        "target": "orders-api",
        "target_commit": "4f2c1ab9e0d1c2b3",
        "config_sha256": "ab" * 32,
        "stack": "processes",
        "stack_s": 0.94,
        "target_s": 1.42,
        "teardown_s": 0.31,
        "drills": tuple(d.result for d in drills),
    }
    return RunResult.model_validate(made | changes)
