import pytest

from blackstart.model.findings import FindingCode
from blackstart.model.result import DrillResult, FoundRecord
from blackstart.model.scenario import ProofPlan
from blackstart.model.verdict import Verdict
from blackstart.runner.execution import Drilled
from blackstart.runner.plan import DrillPlan
from blackstart.runner.proving import judged
from blackstart.scenarios.loading import pick
from blackstart.targets.loading import find, load

BARE, HUNG, SILENT = FindingCode.BARE_500, FindingCode.HUNG_REQUEST, FindingCode.WARNING_SILENT
PROOF = ProofPlan(guardrail="breaker", finding=BARE, consequences=(HUNG,))


def plan(*off: str) -> DrillPlan:
    (scenario, variant), *_ = pick(["db-pool-exhausted"])
    return DrillPlan(
        loaded=load(find("reference", None)),
        named="--target reference",
        scenario=scenario,
        variant=variant,
        seed=7,
        off=off,
    )


def drilled(verdict: Verdict, *codes: FindingCode) -> Drilled:
    result = DrillResult(
        scenario="s",
        variant="v",
        verdict=verdict,
        reasons=("why",) if verdict is Verdict.INCONCLUSIVE else (),
        findings=tuple(FoundRecord(code=code, detail="") for code in codes),
    )
    return Drilled(plan=plan(), result=result, history=None)


@pytest.mark.parametrize(
    ("verdict", "codes", "expected"),
    [
        (Verdict.BREACHED, (BARE,), "proven"),
        (Verdict.BREACHED, (BARE, HUNG), "proven"),
        (Verdict.BREACHED, (BARE, SILENT), "unproven"),
        (Verdict.BREACHED, (HUNG,), "unproven"),
        (Verdict.HELD, (), "unproven"),
        (Verdict.INCONCLUSIVE, (BARE,), "inconclusive"),
    ],
)
def test_a_proof_needs_the_declared_finding_and_no_undeclared_one(verdict, codes, expected):
    result = judged(plan("breaker"), PROOF, drilled(verdict, *codes))
    assert result.verdict == expected
    assert bool(result.reasons) == (expected != "proven")


def test_a_proof_is_repeated_by_its_command():
    result = judged(plan("retry-cap", "breaker"), PROOF, drilled(Verdict.HELD))
    assert result.replay == (
        "blackstart run 'db-pool-exhausted[slow]' --target reference --seed 7 "
        "--off retry-cap,breaker"
    )


def test_a_target_without_the_traffic_or_the_member_is_not_covered():
    covered = plan()
    assert covered.uncovered() is None
    bare = covered.configuration.model_copy(update={"traffic": {}})
    loaded = type(covered.loaded)(configuration=bare, path=covered.loaded.path, sha256="")
    without = type(covered)(**{**vars(covered), "loaded": loaded})
    assert without.uncovered() == "not covered: the target maps no traffic to read, write"
