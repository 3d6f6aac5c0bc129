"""From the history of a drill to its judgement, by the scenario's own promises."""

from collections.abc import Mapping
from dataclasses import dataclass

from blackstart.measures import evidence as evidence_of
from blackstart.measures.baseline import Baseline, baselines
from blackstart.measures.checkers import (
    contract,
    health,
    loss,
    objectives,
    pool,
    rotation,
    sessions,
    signals,
    stampede,
)
from blackstart.measures.evidence import Evidence
from blackstart.measures.history import History
from blackstart.measures.ledger import Loss, account
from blackstart.measures.recovery import Recovery, normal_s, recovery
from blackstart.measures.strikes import StrikeSpan, fault_end_ns, strikes
from blackstart.model.clock import seconds
from blackstart.model.findings import Finding, FindingCode
from blackstart.model.scenario import (
    Contract,
    Expectation,
    ExpectHealth,
    ExpectNoStampede,
    ExpectPool,
    ExpectRotation,
    ExpectSessions,
    ExpectSignal,
    Scenario,
    Variant,
)
from blackstart.model.verdict import Verdict

_TIMELESS = frozenset(
    {
        FindingCode.ACKED_WRITE_LOST,
        FindingCode.WRITE_DUPLICATED,
        FindingCode.PHANTOM_WRITE,
        FindingCode.WRITE_CORRUPTED,
        FindingCode.OLD_KEY_ACCEPTED,
        FindingCode.FORCED_LOGOUT,
    }
)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the evidence says: verdict, findings, reasons why not, and the measured figures.

    ``recovery`` is the worst of all roles and strikes; ``normal_s`` likewise.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    reasons: tuple[str, ...]
    recovery: Recovery | None
    normal_s: float | None
    detect_s: float | None
    losses: Mapping[str, Loss]


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that a judgement is made from."""

    scenario: Scenario
    variant: Variant
    history: History
    evidence: Evidence

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles whose answers are promised something."""
        return tuple(self.scenario.rates)

    def contract(self, role: str) -> Contract:
        """What ``role`` is promised."""
        return self.scenario.contract_of(self.variant, role)

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """What must be seen besides good answers."""
        return (*self.scenario.expect, *self.variant.expect)


def judge(case: Case) -> Judgement:
    """Findings make it breached; without them, missing evidence makes it inconclusive."""
    spans, normal = strikes(case.history), baselines(case.history)
    losses = _losses(case, spans)
    reasons = [
        *evidence_of.missing(case.history, case.roles, case.evidence, spans),
        *evidence_of.unsteady(normal, case.roles),
        *evidence_of.unaccounted(losses),
        *_uncontrolled(case),
    ]
    recoveries = _recoveries(case, spans, normal)
    normals = normals_of(case.history, case.roles)
    findings = [] if not spans else _findings(case, spans, recoveries, normals, losses)
    return Judgement(
        verdict=_verdict(findings, reasons),
        findings=tuple(findings),
        reasons=tuple(reasons),
        recovery=_worst(recoveries),
        normal_s=_longest(list(normals.values())),
        detect_s=_detected(case, spans),
        losses=losses,
    )


def normals_of(history: History, roles: tuple[str, ...]) -> dict[str, float | None]:
    """``normal_s`` by role, from the end of the last fault; ``None`` where it is not normal yet."""
    spans, normal = strikes(history), baselines(history)
    if not spans:
        return {}
    end_ns = fault_end_ns(history, spans[-1])
    return {role: normal_s(history, role, normal[role], end_ns) for role in roles if role in normal}


def _verdict(findings: list[Finding], reasons: list[str]) -> Verdict:
    """A lost write stays lost however late the prober was; what hangs on time needs evidence."""
    if any(finding.code in _TIMELESS for finding in findings):
        return Verdict.BREACHED
    if reasons:
        return Verdict.INCONCLUSIVE
    return Verdict.BREACHED if findings else Verdict.HELD


def _losses(case: Case, spans: tuple[StrikeSpan, ...]) -> dict[str, Loss]:
    if not spans:
        return {}
    completed_ns = spans[-1].completed_ns
    return {
        role: account(case.evidence.ledgers[role], audit, completed_ns)
        for role, audit in case.evidence.audits.items()
    }


def _uncontrolled(case: Case) -> list[str]:
    if not any(isinstance(e, ExpectRotation) for e in case.expectations):
        return []
    reason = rotation.uncontrolled(case.history)
    return [reason] if reason else []


def _recoveries(
    case: Case, spans: tuple[StrikeSpan, ...], normal: Mapping[str, Baseline]
) -> list[Recovery]:
    each = [
        recovery(case.history, role, case.contract(role), normal[role], span)
        for span in spans
        for role in case.roles
        if role in normal
    ]
    return [one for one in each if one is not None]


def _worst(recoveries: list[Recovery]) -> Recovery | None:
    if not recoveries:
        return None
    never = [r for r in recoveries if r.recovery_s is None]
    return never[0] if never else max(recoveries, key=lambda r: (r.recovery_s, r.resolution_s))


def _longest(times: list[float | None]) -> float | None:
    known = [t for t in times if t is not None]
    return max(known) if known and len(known) == len(times) else None


def _detected(case: Case, spans: tuple[StrikeSpan, ...]) -> float | None:
    """The first expected warning: it names the cause, as its pattern does."""
    expected = [e.signal for e in case.expectations if isinstance(e, ExpectSignal)]
    marks = [signals.given(case.history, name, spans[0]) for name in expected] if spans else []
    times = [seconds(spans[0].called_ns, mark.at_ns) for mark in marks if mark is not None]
    return min(times, default=None)


def _findings(
    case: Case,
    spans: tuple[StrikeSpan, ...],
    recoveries: list[Recovery],
    normals: Mapping[str, float | None],
    losses: Mapping[str, Loss],
) -> list[Finding]:
    goals, found = case.scenario.objectives, []
    for role in case.roles:
        found += contract.check(case.history, role, case.contract(role), spans)
    for one in recoveries:
        found += objectives.check_recovery(one, goals.rto_s)
    for role, time_s in normals.items():
        found += objectives.check_normal(role, time_s, goals.normal_s)
    for role, account_ in losses.items():
        found += loss.check(role, account_, goals.rpo_s)
    for expectation in case.expectations:
        found += _expected(case, expectation, spans[0])
    return found


def _expected(  # noqa: PLR0911 - one for each kind of expectation
    case: Case, expectation: Expectation, span: StrikeSpan
) -> list[Finding]:
    match expectation:
        case ExpectSignal(signal=signal, within_s=within_s):
            return signals.check(case.history, signal, within_s, span)
        case ExpectHealth(within_s=within_s):
            return health.check(case.history, within_s, span)
        case ExpectPool():
            limit, idle = case.evidence.pool_limit, case.evidence.pool_idle
            if limit is None or idle is None:
                return []
            return pool.check(case.history, span, limit=limit, idle=idle)
        case ExpectNoStampede(share_max=share_max):
            return stampede.check(case.history, share_max)
        case ExpectSessions():
            return sessions.check(case.history, span)
        case ExpectRotation():
            return rotation.check(case.history, span)
