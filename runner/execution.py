"""Runs one drill from start to verdict."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from blackstart.measures.evidence import Evidence
from blackstart.measures.history import OUTCOMES, History
from blackstart.measures.judge import Case, Judgement, judge
from blackstart.measures.ledger import Audit, Ledger, audit_of, ledger_of
from blackstart.model.capabilities import Sql
from blackstart.model.configuration import HttpAudit, SqlAudit
from blackstart.model.errors import InconclusiveError
from blackstart.model.result import DrillResult, FoundRecord
from blackstart.model.verdict import Verdict
from blackstart.runner.live import Live
from blackstart.runner.plan import DrillPlan
from blackstart.runner.progress import Progress
from blackstart.runner.stage import Stage
from blackstart.runner.steps import carry_out


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """A drill that was run: its result, its history, and how long its stage took (seconds)."""

    plan: DrillPlan
    result: DrillResult
    history: History | None
    stack_s: float = 0.0
    target_s: float = 0.0
    teardown_s: float = 0.0


def rehearse(plan: DrillPlan, progress: Progress) -> Drilled:
    """Run the scenario's own steps. Raises ``StartError`` when something doesn't come up."""
    reason = plan.uncovered()
    if reason is not None:
        return Drilled(plan=plan, result=_inconclusive(plan, reason), history=None)
    progress.now(f"{plan.id}: bringing up the stack and the target")
    stage = Stage(plan)
    with stage:
        progress.now(f"{plan.id}: drilling for {plan.variant.inherent_s:.0f} s")
        live = Live(stage)
        try:
            drilled = _drill(live)
        except InconclusiveError as error:
            drilled = Drilled(plan=plan, result=_inconclusive(plan, str(error)), history=None)
    return Drilled(
        plan=plan,
        result=drilled.result,
        history=drilled.history,
        stack_s=stage.stack_s,
        target_s=stage.target_s,
        teardown_s=stage.teardown_s,
    )


def _drill(live: Live) -> Drilled:
    live.warm_up()
    started = time.monotonic()
    carry_out(live, live.stage.plan.variant.steps)
    return conclude(live, started=started)


def conclude(live: Live, *, started: float) -> Drilled:
    """Stop the traffic, read the stores, judge. ``started`` is the first steady probe's second."""
    plan = live.stage.plan
    live.lift()
    live.see_out()
    tried = live.end()
    history = live.history()
    ledgers = _ledgers(plan, history, tried)
    evidence = Evidence(
        witnesses=tuple(live.witnesses),
        ledgers=ledgers,
        audits={role: _audit(live, role, ledger) for role, ledger in ledgers.items()},
        pool_limit=plan.pool("pool_size", "pool_overflow"),
        pool_idle=plan.pool("pool_size"),
    )
    judgement = judge(
        Case(scenario=plan.scenario, variant=plan.variant, history=history, evidence=evidence)
    )
    result = _result(plan, history, judgement, evidence)
    timed = {"duration_s": time.monotonic() - started, "inherent_s": live.inherent_s}
    return Drilled(plan=plan, result=result.model_copy(update=timed), history=history)


def _ledgers(plan: DrillPlan, history: History, tried: Mapping[str, int]) -> dict[str, Ledger]:
    audited = [
        role
        for role in plan.scenario.rates
        if plan.configuration.traffic[role].writes and plan.configuration.traffic[role].audit
    ]
    return {role: ledger_of(role, history.of(role), tried[role]) for role in audited}


def _audit(live: Live, role: str, ledger: Ledger) -> Audit:
    """What the store holds of a ledger, asked of it past the target where that can be done."""
    how = live.stage.plan.configuration.traffic[role].audit
    if isinstance(how, SqlAudit):
        rows = live.stage.members.able("postgres", Sql).query(how.sql, limit_s=30)
        return audit_of(np.array([row[0] for row in rows], dtype=np.int64), len(ledger))
    if isinstance(how, HttpAudit):
        return _read_back(live, role, ledger)
    raise TypeError(f"{role} has no audit")


def _read_back(live: Live, role: str, ledger: Ledger) -> Audit:
    acked = np.flatnonzero(ledger.acked)
    back = live.stage.prober.read_back(role, [int(seq) for seq in acked])
    readable = np.ones(len(ledger), dtype=np.bool_)
    readable[back["unreadable"]] = False
    corrupt = np.zeros(len(ledger), dtype=np.bool_)
    corrupt[back["corrupt"]] = True
    times = np.zeros(len(ledger), dtype=np.int64)
    times[back["found"]] = times[back["corrupt"]] = 1
    return Audit(times=times, corrupt=corrupt, readable=readable)


def _result(
    plan: DrillPlan, history: History, judgement: Judgement, evidence: Evidence
) -> DrillResult:
    judged = np.isin(history.probes["role"], [history.roles.index(r) for r in plan.scenario.rates])
    outcomes = np.bincount(np.compress(judged, history.probes)["outcome"], minlength=len(OUTCOMES))
    losses, recovery = judgement.losses.values(), judgement.recovery
    return DrillResult(
        scenario=plan.scenario.id,
        variant=plan.variant.name,
        verdict=judgement.verdict,
        reasons=judgement.reasons,
        findings=tuple(FoundRecord(code=f.code, detail=f.detail) for f in judgement.findings),
        witness=tuple(w.text for w in evidence.witnesses),
        probes=int(judged.sum()),
        outcomes={o: int(n) for o, n in zip(OUTCOMES, outcomes, strict=True)},
        recovery_s=recovery.recovery_s if recovery else None,
        recovery_resolution_s=recovery.resolution_s if recovery else None,
        rto_s=plan.scenario.objectives.rto_s,
        normal_s=judgement.normal_s,
        detect_s=judgement.detect_s,
        acked=sum(x.acked for x in losses),
        refused=sum(x.refused for x in losses),
        unknown=sum(x.unknown for x in losses),
        lost_writes=sum(len(x.lost) for x in losses) if losses else None,
        loss_s=max((x.loss_s for x in losses), default=None),
        rpo_s=plan.scenario.objectives.rpo_s,
        replay=plan.replay,
    )


def _inconclusive(plan: DrillPlan, reason: str) -> DrillResult:
    return DrillResult(
        scenario=plan.scenario.id,
        variant=plan.variant.name,
        verdict=Verdict.INCONCLUSIVE,
        reasons=(reason,),
        rto_s=plan.scenario.objectives.rto_s,
        rpo_s=plan.scenario.objectives.rpo_s,
        replay=plan.replay,
    )
