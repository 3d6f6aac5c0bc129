"""Each checker is seen to be silent on what is sound, and to speak on what is not."""

import numpy as np
import pytest

from blackstart.measures.checkers import (
    contract,
    health,
    objectives,
    pool,
    rotation,
    sessions,
    signals,
    stampede,
)
from blackstart.measures.history import History, MarkKind, Series
from blackstart.measures.layout import Failure
from blackstart.measures.recovery import Recovery
from blackstart.measures.strikes import strikes
from blackstart.model.outcome import Outcome
from blackstart.model.scenario import Contract

READS = Contract(allowed=(Outcome.OK, Outcome.STALE), cap_s=1.0, max_stale_s=5, settle_s=0.5)


def broken(history: History, promised: Contract = READS) -> list[str]:
    return [str(f.code) for f in contract.check(history, "read", promised, strikes(history))]


def test_answers_within_the_contract_are_no_finding(script):
    assert broken(script.during(2, 5, Outcome.STALE).history()) == []


@pytest.mark.parametrize(
    ("outcome", "failure", "latency_s", "code"),
    [
        (Outcome.ERROR, Failure.BARE, 0.01, "BARE_500"),
        (Outcome.TIMEOUT, Failure.NO_ANSWER, 2.0, "HUNG_REQUEST"),
        (Outcome.ERROR, Failure.NOT_CONNECTED, 0.01, "CONNECTION_FAILED"),
        (Outcome.ERROR, Failure.CUT_OFF, 0.01, "CONNECTION_FAILED"),
        (Outcome.ERROR, Failure.IN_DOUBT, 0.01, "OUTCOME_NOT_ALLOWED"),
        (Outcome.SHED, Failure.NONE, 0.01, "OUTCOME_NOT_ALLOWED"),
        (Outcome.OK, Failure.NONE, 1.2, "TOO_SLOW"),
    ],
)
def test_each_kind_of_broken_promise_has_its_name(script, outcome, failure, latency_s, code):
    script.during(3, 3.1, outcome, failure=failure, latency_s=latency_s)
    assert broken(script.history()) == [code]


def test_settling_is_allowed_and_no_longer(script):
    assert broken(script.during(2, 2.5, Outcome.ERROR, failure=Failure.BARE).history()) == []
    assert broken(script.during(2, 2.51, Outcome.ERROR, failure=Failure.BARE).history()) == [
        "BARE_500"
    ]


def test_a_stale_answer_older_than_allowed_is_found(script):
    history = script.during(3, 4, Outcome.STALE).history()
    history.probes["age_s"][350] = 6
    assert broken(history) == ["STALE_TOO_OLD"]


def test_the_detail_counts_and_shows_the_first_case(script):
    history = script.during(3, 3.1, Outcome.ERROR, failure=Failure.BARE).history()
    (finding,) = contract.check(history, "read", READS, strikes(history))
    assert "read: 10 of 550 answers; first at +1.00 s: error" in finding.detail


def recovered(recovery_s: float | None) -> Recovery:
    return Recovery(role="read", recovery_s=recovery_s, resolution_s=0.01, bad=3, good_from_ns=None)


@pytest.mark.parametrize(
    ("recovery_s", "expected"),
    [(4.9, []), (5.0, []), (5.1, ["RTO_EXCEEDED"]), (None, ["NOT_RECOVERED"])],
)
def test_recovery_is_held_against_the_rto(recovery_s, expected, codes):
    assert codes(objectives.check_recovery(recovered(recovery_s), 5.0)) == expected


@pytest.mark.parametrize(("normal_s", "found"), [(1.0, 0), (3.0, 0), (3.1, 1), (None, 1)])
def test_normal_must_come_in_its_time(normal_s, found):
    assert len(objectives.check_normal("read", normal_s, 3.0)) == found


def test_a_warning_in_time_is_enough_and_a_late_or_early_one_is_not(script, codes):
    def check(at_s: float) -> list[str]:
        history = script.history()
        marked = type(script)().mark(at_s, MarkKind.SIGNAL, signal="lost").history()
        return codes(signals.check(marked, "lost", 1.0, strikes(history)[0]))

    assert check(2.9) == []
    assert check(3.1) == ["WARNING_SILENT"]
    assert check(1.9) == ["WARNING_SILENT"]


def test_another_signal_is_not_the_one_promised(script, codes):
    history = script.mark(2.5, MarkKind.SIGNAL, signal="other").history()
    assert codes(signals.check(history, "lost", 1.0, strikes(history)[0])) == ["WARNING_SILENT"]


def health_of(history: History) -> list[str]:
    return [f.detail for f in health.check(history, 1.0, strikes(history)[0])]


def test_health_that_tells_in_time_and_ends_well_is_truthful(script):
    assert health_of(script.during(2.5, 5, Outcome.DEGRADED).history("health")) == []


def test_health_that_never_tells_or_tells_late_or_stays_ill_is_found(script):
    assert "never" in health_of(script.history("health"))[0]
    late = type(script)().during(3.2, 5, Outcome.DEGRADED).history("health")
    assert "after 1.2" in health_of(late)[0]
    stays = type(script)().during(2.5, 8, Outcome.DEGRADED).history("health")
    assert "did not say" in health_of(stays)[0]


def counted(script, *values: float) -> History:
    history = script.history()
    at_ns = np.linspace(history.start_ns, history.end_ns, len(values)).astype(np.int64)
    history.samples[pool.BACKENDS] = Series(at_ns=at_ns, value=np.array(values))
    return history


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((4, 4, 4, 6, 6, *[4] * 10), []),
        ((4, 4, 4, 6, 7, *[4] * 10), ["POOL_OVERRUN"]),
        ((4, 4, 4, 6, 6, *[6] * 10), ["CONNECTIONS_LEAKED"]),
        ((4, 4, 4, 6, 6, *[6, 6, 6, 6, 4] * 2), []),
        ((9, 4, 4, 6, 6, *[4] * 10), []),
    ],
)
def test_connections_are_bounded_and_given_back(script, values, expected, codes):
    history = counted(script, *values)
    assert codes(pool.check(history, strikes(history)[0], limit=6, idle=4)) == expected


def burst(script, cost: int) -> History:
    history = script.mark(4, MarkKind.BURST, requests=40).history()
    at_ns = np.arange(history.start_ns, history.end_ns, 100_000_000)
    usual = np.arange(len(at_ns), dtype=float)  # ten a second
    usual[at_ns > at_ns[0] + 4_000_000_000] += cost
    history.samples[stampede.TRANSACTIONS] = Series(at_ns=at_ns, value=usual)
    return history


def test_one_computation_for_all_readers_is_no_stampede(script, codes):
    assert codes(stampede.check(burst(script, 1), 0.3)) == []
    assert codes(stampede.check(burst(type(script)(), 40), 0.3)) == ["STAMPEDE"]


def test_a_silent_new_sign_in_is_a_forced_logout(script, codes):
    history = script.mark(1, MarkKind.LOGOUT, user=1).history()
    assert codes(sessions.check(history, strikes(history)[0])) == []
    history = script.mark(3, MarkKind.LOGOUT, user=1).history()
    assert codes(sessions.check(history, strikes(history)[0])) == ["FORCED_LOGOUT"]


def rotated(script, *, in_grace: int = 200, after: int = 401, control: int = 200, last: str = "k2"):
    def replay(at_s: float, grace: str, status: int, **data: object) -> None:
        told = {"instance": 0, "expires_in_s": 90.0, **data}
        script.mark(at_s, MarkKind.REPLAYED, grace=grace, status=status, **told)

    script.mark(1, MarkKind.TOKEN, kid="k1").mark(6, MarkKind.TOKEN, kid=last)
    replay(3, "lasts", in_grace, oldest=True, kid="k1")
    replay(6, "over", after, oldest=True, kid="k1")
    replay(6, "over", control, oldest=False, kid="k2")
    return script.history()


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, []),
        ({"in_grace": 401}, ["FORCED_LOGOUT"]),
        ({"after": 200}, ["OLD_KEY_ACCEPTED"]),
        ({"last": "k1"}, ["KEY_NOT_ROTATED"]),
    ],
)
def test_rotation_is_judged_by_what_the_tokens_met(script, how, expected, codes):
    history = rotated(script, **how)
    assert codes(rotation.check(history, strikes(history)[0])) == expected
    assert rotation.uncontrolled(history) is None


def test_a_refusal_without_its_control_proves_nothing(script):
    assert "control failed" in str(rotation.uncontrolled(rotated(script, control=503)))
    assert "not presented" in str(rotation.uncontrolled(type(script)().history()))


def test_a_token_that_expired_by_itself_proves_nothing(script):
    script.mark(5, MarkKind.REPLAYED, oldest=True, grace="over", status=401, expires_in_s=-1.0)
    assert "expired by itself" in str(rotation.uncontrolled(script.history()))
