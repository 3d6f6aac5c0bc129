import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackstart.measures.checkers import loss
from blackstart.measures.history import ENDINGS
from blackstart.measures.ledger import Audit, Ledger, account, audit_of
from blackstart.model.outcome import Ending

S = 1_000_000_000


def ledger(*endings: Ending | None) -> Ledger:
    return Ledger(
        role="write",
        ending=np.array([ENDINGS.index(e) for e in endings], dtype=np.uint8),
        ended_ns=np.arange(1, len(endings) + 1, dtype=np.int64) * S,
    )


def audit(*numbers: int, tried: int) -> Audit:
    return audit_of(np.array(numbers, dtype=np.int64), tried)


ACKED, REFUSED, UNKNOWN = Ending.ACKED, Ending.REFUSED, Ending.UNKNOWN


def test_an_acked_write_that_is_missing_is_lost_with_its_age():
    found = account(ledger(ACKED, ACKED, ACKED), audit(1, tried=3), 10 * S)
    assert list(found.lost) == [0, 2]
    assert found.loss_s == 9.0


def test_an_ack_after_the_strike_has_no_age():
    found = account(ledger(ACKED), audit(tried=1), 0)
    assert (len(found.lost), found.loss_s) == (1, 0.0)


def test_unknown_writes_are_never_lost_nor_phantom():
    for there in ((), (0,)):
        found = account(ledger(UNKNOWN), audit(*there, tried=1), S)
        assert (len(found.lost), len(found.phantom), found.unknown) == (0, 0, 1)


def test_a_write_without_an_ending_is_unknown():
    assert account(ledger(None), audit(tried=1), S).unknown == 1


def test_a_refused_write_that_is_there_is_a_phantom():
    assert list(account(ledger(REFUSED, REFUSED), audit(1, tried=2), S).phantom) == [1]


def test_doubled_and_untried_writes_are_seen():
    found = account(ledger(ACKED, ACKED), audit(0, 1, 1, 7, -1, tried=2), S)
    assert (list(found.duplicated), found.strangers) == ([1], 2)


def test_what_could_not_be_read_judges_nothing():
    unread = Audit(times=np.zeros(2, np.int64), readable=np.array([True, False]))
    found = account(ledger(ACKED, ACKED), unread, S)
    assert (list(found.lost), found.unreadable) == ([0], 1)


@pytest.mark.parametrize(
    ("endings", "there", "expected"),
    [
        ((ACKED,), (), ["ACKED_WRITE_LOST"]),
        ((ACKED,), (0, 0), ["WRITE_DUPLICATED"]),
        ((REFUSED,), (0,), ["PHANTOM_WRITE"]),
        ((ACKED,), (0, 5), ["PHANTOM_WRITE"]),
        ((ACKED, UNKNOWN, REFUSED), (0,), []),
    ],
)
def test_each_kind_of_loss_is_a_finding_of_its_own(endings, there, expected, codes):
    found = account(ledger(*endings), audit(*there, tried=len(endings)), S)
    assert codes(loss.check("write", found, 0.0)) == expected


def test_loss_within_a_stated_rpo_is_allowed_and_beyond_it_is_not(codes):
    found = account(ledger(ACKED), audit(tried=1), 4 * S)
    assert codes(loss.check("write", found, 3.0)) == []
    assert codes(loss.check("write", found, 2.9)) == ["RPO_EXCEEDED"]


def obvious(endings: list[Ending | None], there: list[int]) -> tuple[set[int], set[int], set[int]]:
    """The same account, one write at a time."""
    lost = {i for i, e in enumerate(endings) if e is ACKED and i not in there}
    phantom = {i for i, e in enumerate(endings) if e is REFUSED and i in there}
    doubled = {i for i in range(len(endings)) if there.count(i) > 1}
    return lost, phantom, doubled


@given(st.data())
def test_the_account_agrees_with_an_obvious_one(data):
    endings = data.draw(st.lists(st.sampled_from([None, ACKED, REFUSED, UNKNOWN]), max_size=30))
    there = data.draw(st.lists(st.integers(-3, 33), max_size=60))
    found = account(ledger(*endings), audit(*there, tried=len(endings)), 99 * S)
    lost, phantom, doubled = obvious(endings, there)
    assert set(found.lost) == lost
    assert set(found.phantom) == phantom
    assert set(found.duplicated) == doubled
    assert found.strangers == sum(not 0 <= n < len(endings) for n in there)
    assert found.acked + found.refused + found.unknown == len(endings)
