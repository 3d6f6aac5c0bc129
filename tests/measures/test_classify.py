import pytest

from blackstart.measures.layout import Failure
from blackstart.measures.probes.classify import Seen, answer, ending, health
from blackstart.model.outcome import Ending, Outcome

GOOD = (200, 201)
STALE = {"Age": "9", "Cache-Status": "app; hit; ttl=-7; detail=stale-if-error"}
FRESH = {"Age": "1", "Cache-Status": "app; hit; ttl=4"}


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, Seen(Outcome.OK)),
        (200, FRESH, Seen(Outcome.OK)),
        (200, STALE, Seen(Outcome.STALE, age_s=9.0)),
        (200, {**STALE, "Age": "0.125"}, Seen(Outcome.STALE, age_s=0.125)),
        (200, {"X-Degraded": "redis"}, Seen(Outcome.DEGRADED)),
        (503, {"Retry-After": "1"}, Seen(Outcome.SHED)),
        (429, {"Retry-After": "1"}, Seen(Outcome.SHED)),
        (503, {}, Seen(Outcome.ERROR, Failure.BARE)),
        (500, {"Retry-After": "1"}, Seen(Outcome.ERROR, Failure.BARE)),
        (504, {}, Seen(Outcome.ERROR, Failure.IN_DOUBT)),
        (401, {}, Seen(Outcome.ERROR, Failure.UNAUTHORIZED)),
        (404, {}, Seen(Outcome.ERROR, Failure.REJECTED)),
        (204, {}, Seen(Outcome.ERROR, Failure.REJECTED)),
    ],
)
def test_an_answer_is_what_it_says_of_itself(status, headers, expected):
    assert answer(status, headers, GOOD) == expected


def test_old_without_saying_so_by_a_negative_ttl_is_not_called_stale():
    assert answer(200, {"Age": "9"}, GOOD).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("status", "told", "outcome"),
    [
        (200, "ok", Outcome.OK),
        (200, "degraded", Outcome.DEGRADED),
        (503, "down", Outcome.DEGRADED),
        (503, None, Outcome.ERROR),
        (200, None, Outcome.ERROR),
        (503, "ok", Outcome.ERROR),
    ],
)
def test_health_is_truthful_only_in_words(status, told, outcome):
    assert health(status, told, "ok").outcome is outcome


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen(Outcome.OK), Ending.ACKED),
        (Seen(Outcome.SHED), Ending.REFUSED),
        (Seen(Outcome.ERROR, Failure.REJECTED), Ending.REFUSED),
        (Seen(Outcome.ERROR, Failure.NOT_CONNECTED), Ending.REFUSED),
        (Seen(Outcome.ERROR, Failure.BARE), Ending.UNKNOWN),
        (Seen(Outcome.ERROR, Failure.IN_DOUBT), Ending.UNKNOWN),
        (Seen(Outcome.ERROR, Failure.CUT_OFF), Ending.UNKNOWN),
        (Seen(Outcome.TIMEOUT, Failure.NO_ANSWER), Ending.UNKNOWN),
    ],
)
def test_only_a_clear_yes_or_no_is_one(seen, expected):
    assert ending(seen) is expected
