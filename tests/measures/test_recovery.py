from dataclasses import replace

import pytest

from blackstart.measures.baseline import baselines
from blackstart.measures.history import History, MarkKind
from blackstart.measures.layout import Failure
from blackstart.measures.recovery import Recovery, normal_s, recovery
from blackstart.measures.strikes import fault_end_ns, strikes
from blackstart.model.outcome import Outcome
from blackstart.model.scenario import Contract

ONLY_OK = Contract(allowed=(Outcome.OK,), cap_s=1.0)
BARE = Failure.BARE


def recovered(history: History, contract: Contract = ONLY_OK) -> Recovery:
    found = recovery(history, "read", contract, baselines(history)["read"], strikes(history)[0])
    assert found is not None
    return found


@pytest.mark.parametrize("down_s", [0.05, 0.5, 1.0, 3.0])
def test_recovery_is_the_known_outage_within_its_resolution(script, down_s):
    history = script.during(2, 2 + down_s, Outcome.ERROR, failure=BARE).history()
    found = recovered(history)
    assert found.recovery_s == pytest.approx(down_s, abs=found.resolution_s + 1e-9)
    assert found.resolution_s == pytest.approx(0.01, abs=1e-6)


def test_no_bad_answer_is_no_outage(script):
    assert recovered(script.history()).recovery_s == 0.0


def test_one_lucky_answer_is_not_recovery(script):
    script.during(2.5, 2.515, Outcome.OK).during(2, 4, Outcome.ERROR, failure=BARE)
    assert recovered(script.history()).recovery_s == pytest.approx(2.0, abs=0.011)


def test_good_that_does_not_stay_good_is_not_recovery(script):
    script.during(2, 3, Outcome.ERROR, failure=BARE).during(7.5, 7.51, Outcome.ERROR, failure=BARE)
    assert recovered(script.history()).recovery_s == pytest.approx(5.51, abs=0.011)


def test_bad_to_the_end_is_never_recovered(script):
    found = recovered(script.during(2, 8, Outcome.ERROR, failure=BARE).history())
    assert found.recovery_s is None
    assert found.bad == 600


def test_too_few_good_answers_prove_nothing(script):
    found = recovered(script.during(2, 7.95, Outcome.ERROR, failure=BARE).history())
    assert found.recovery_s is None


def test_strays_are_tolerated_only_as_far_as_the_baseline_had_them(script):
    one_late = script.during(7, 7.01, Outcome.ERROR, failure=BARE)
    assert recovered(one_late.history()).recovery_s == pytest.approx(5.01, abs=0.011)
    as_before = one_late.during(1, 1.01, Outcome.ERROR, failure=BARE)
    assert recovered(as_before.history()).recovery_s == 0.0


def test_a_request_under_way_at_the_strike_counts(script):
    script.during(1.9, 2.0, Outcome.TIMEOUT, failure=Failure.NO_ANSWER, latency_s=2.0)
    found = recovered(script.history())
    assert found.bad == 10
    assert found.recovery_s == pytest.approx(0, abs=0.011)


def struck_again(script, at_s: float) -> Recovery:
    """The first recovery of two, the second strike called at ``at_s``."""
    for kind in (MarkKind.STRIKE_CALLED, MarkKind.STRIKE_COMPLETED):
        script.mark(at_s, kind, "cut", strike=2, group=2)
    history = script.history()
    found = recovery(history, "read", ONLY_OK, baselines(history)["read"], strikes(history)[0])
    assert found is not None
    return found


def test_a_request_under_way_at_the_next_strike_is_left_to_that(script):
    script.during(2, 3, Outcome.ERROR, failure=BARE).during(3.99, 4.5, Outcome.ERROR, failure=BARE)
    assert struck_again(script, 3.994).recovery_s == pytest.approx(1.0, abs=0.011)


def test_a_request_that_hangs_while_later_ones_are_answered_is_not(script):
    hung = {"failure": Failure.NO_ANSWER, "latency_s": 2.0}
    script.during(3.5, 3.6, Outcome.TIMEOUT, **hung)
    assert struck_again(script, 4).recovery_s == pytest.approx(1.6, abs=0.011)


def test_what_hangs_beyond_its_cap_until_the_next_strike_is_not_recovered(script):
    hung = {"failure": Failure.NO_ANSWER, "latency_s": 3.0}
    script.during(2.5, 4.5, Outcome.TIMEOUT, **hung)
    assert struck_again(script, 4.5).recovery_s is None


def test_slow_beyond_the_cap_is_bad(script):
    found = recovered(script.during(2, 3, Outcome.OK, latency_s=1.5).history())
    assert found.recovery_s == pytest.approx(1.0, abs=0.011)


def test_what_the_contract_allows_is_good(script):
    history = script.during(2, 5, Outcome.STALE).history()
    assert recovered(history).recovery_s == pytest.approx(3.0, abs=0.011)
    allowed = Contract(allowed=(Outcome.OK, Outcome.STALE), cap_s=1.0)
    assert recovered(history, allowed).recovery_s == 0.0


def normal(history: History) -> float | None:
    end_ns = fault_end_ns(history, strikes(history)[0])
    return normal_s(history, "read", baselines(history)["read"], end_ns)


def test_normal_is_ok_and_as_fast_as_before_not_merely_allowed(script):
    assert normal(script.during(2, 5, Outcome.STALE).history()) == 0.0
    assert normal(script.during(2, 6, Outcome.STALE).history()) == 1.0


def test_slower_than_the_baseline_is_not_normal(script):
    assert normal(script.during(5, 6.5, Outcome.OK, latency_s=0.2).history()) == 1.5


def test_never_normal_again_is_none(script):
    assert normal(script.during(5, 8, Outcome.OK, latency_s=0.2).history()) is None


def test_one_slow_answer_at_the_very_end_is_not_judged_alone(script):
    script.length_s = 8.02  # two answers more than whole windows hold
    assert normal(script.during(8, 8.02, Outcome.OK, latency_s=0.2).history()) == 0.0


def test_damage_that_nobody_mends_ends_with_its_strike(script):
    script.lifted_s = None
    history = script.history()
    span = strikes(history)[0]
    assert fault_end_ns(history, span) == span.completed_ns


def test_a_strike_that_was_never_completed_is_none(script):
    history = script.history()
    called = tuple(m for m in history.marks if m.kind is not MarkKind.STRIKE_COMPLETED)
    assert strikes(replace(history, marks=called)) == ()
