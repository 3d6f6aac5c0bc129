from datetime import UTC, datetime

import pytest

from blackstart.model.findings import FindingCode
from blackstart.model.result import DrillResult, ProofResult, RunResult
from blackstart.model.verdict import ProofVerdict, Verdict
from blackstart.runner.session import commit_of, exit_code


def run_of(verdict: Verdict, *proofs: ProofVerdict) -> RunResult:
    return RunResult(
        verdict=verdict,
        seed=7,
        started_at=datetime.now(UTC),
        tool_version="0",
        target="t",
        target_commit=None,
        config_sha256="",
        stack="processes",
        stack_s=0,
        target_s=0,
        teardown_s=0,
        drills=(DrillResult(scenario="s", variant="v", verdict=verdict),),
        proofs=tuple(
            ProofResult(
                scenario="s",
                variant="v",
                guardrail="g",
                expected=FindingCode.BARE_500,
                verdict=proof,
            )
            for proof in proofs
        ),
    )


PROVEN, UNPROVEN, UNSURE = ProofVerdict.PROVEN, ProofVerdict.UNPROVEN, ProofVerdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (run_of(Verdict.HELD), 0),
        (run_of(Verdict.BREACHED), 1),
        (run_of(Verdict.INCONCLUSIVE), 2),
        (run_of(Verdict.HELD, PROVEN), 0),
        (run_of(Verdict.HELD, PROVEN, UNPROVEN), 1),
        (run_of(Verdict.HELD, PROVEN, UNSURE), 2),
        (run_of(Verdict.BREACHED, UNSURE), 1),
    ],
)
def test_the_exit_code_says_the_worst(run, code):
    assert exit_code(run) == code


def test_a_folder_outside_any_repository_has_no_commit(tmp_path):
    assert commit_of(tmp_path) is None
