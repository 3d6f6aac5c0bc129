"""What is computed in columns equals what is computed slowly and obviously, answer by answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackstart.measures.baseline import Baseline
from blackstart.measures.checkers import contract as checker
from blackstart.measures.history import OUTCOMES, PROBE, Probes, select
from blackstart.measures.layout import Failure
from blackstart.measures.recovery import _normal
from blackstart.model.findings import FindingCode
from blackstart.model.outcome import Outcome
from blackstart.model.scenario import Contract

PROMISE = Contract(allowed=(Outcome.OK, Outcome.STALE), cap_s=0.1, max_stale_s=2)
NORMAL = Baseline(probes=100, ok_share=0.25, bad_share=0, p50_s=0.01, p95_s=0.02)
ANSWER = st.tuples(
    st.integers(0, len(OUTCOMES) - 1),
    st.sampled_from(list(Failure)),
    st.sampled_from([1, 39, 41, 99, 101, 5000]),
    st.sampled_from([0, 1, 3]),
)
ANSWERS = st.lists(ANSWER, min_size=1, max_size=60)


def answered(told: list[tuple[int, int, int, int]]) -> Probes:
    probes = np.zeros(len(told), dtype=PROBE)
    for at, (outcome, failure, latency_ms, age_s) in enumerate(told):
        probes[at]["outcome"], probes[at]["failure"] = outcome, failure
        probes[at]["ended_ns"], probes[at]["age_s"] = latency_ms * 1_000_000, age_s
    return probes


def obvious_code(outcome: int, failure: int, latency_ms: int, age_s: int) -> FindingCode:
    if failure == Failure.BARE:
        return FindingCode.BARE_500
    if failure in (Failure.NOT_CONNECTED, Failure.CUT_OFF):
        return FindingCode.CONNECTION_FAILED
    if failure == Failure.NO_ANSWER:
        return FindingCode.HUNG_REQUEST
    if OUTCOMES[outcome] not in (Outcome.OK, Outcome.STALE):
        return FindingCode.OUTCOME_NOT_ALLOWED
    old, late = age_s > 2, latency_ms > 100
    return FindingCode.STALE_TOO_OLD if old and not late else FindingCode.TOO_SLOW


@given(ANSWERS)
def test_a_bad_answer_has_the_code_that_it_has_by_itself(told):
    codes = [checker._CODES[number] for number in checker._codes(answered(told), PROMISE)]
    assert codes == [obvious_code(*one) for one in told]


@settings(max_examples=300)
@given(ANSWERS, st.integers(1, 7))
def test_a_window_is_normal_by_its_own_answers_only(told, width):
    probes, window = answered(told), np.arange(len(told), dtype=np.int64) // width
    for number, found in enumerate(_normal(probes, window, NORMAL)):
        mine = told[number * width : (number + 1) * width]
        ok = [outcome == OUTCOMES.index(Outcome.OK) for outcome, *_ in mine]
        median_ms = float(np.median([latency_ms for _, _, latency_ms, _ in mine]))
        assert found == (sum(ok) >= 0.25 * len(ok) - 1e-9 and median_ms <= 40)


@given(st.lists(st.booleans(), max_size=12))
def test_what_is_selected_is_what_is_marked_together_or_apart(marked):
    probes = np.zeros(len(marked), dtype=PROBE)
    probes["seq"] = np.arange(len(marked))
    found = select(probes, np.array(marked, dtype=np.bool_))
    assert found["seq"].tolist() == [at for at, mark in enumerate(marked) if mark]


@pytest.mark.parametrize("first", [Failure.CUT_OFF, Failure.BARE])
def test_findings_come_in_the_order_of_their_first_cases(first):
    codes = checker._codes(answered([(4, first, 1, 0), (4, Failure.NO_ANSWER, 1, 0)]), PROMISE)
    assert checker._in_order(codes) == codes.tolist()
