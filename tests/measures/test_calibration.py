"""Measurement against known truth; and every piece of arithmetic broken once, to see it caught."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from blackstart.measures import contracts, history, ledger, recovery
from blackstart.measures.checkers import contract as contract_checker
from blackstart.measures.ledger import Ledger
from blackstart.model.clock import NS_PER_S
from blackstart.runner.calibrate import promptness, recoveries
from blackstart.runner.calibrate.calibration import Calibration, Extent, record
from blackstart.runner.calibrate.row import Row, table
from blackstart.runner.calibrate.scripts import KINDS, lengths_s

pytestmark = pytest.mark.slow

EXTENT = Extent(outages=len(KINDS), shortest_s=0.05, longest_s=0.4, losses=3)
Break = Callable[[pytest.MonkeyPatch], None]
DEFECTS: list[tuple[str, Break]] = []


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return record(EXTENT, lambda _: None)


def test_what_is_measured_is_what_was_true(calibration):
    rows = calibration.rows()
    assert all(row.passed for row in rows), table(rows)


def test_every_kind_of_outage_was_rehearsed(calibration):
    assert {one.kind for one in calibration.known()} == set(KINDS)


def test_an_outage_with_too_little_after_it_is_unproven_on_both_sides(calibration):
    unproven = [one for one in calibration.known() if one.down_s is None]
    assert [one.measured_s for one in unproven] == [None]


def test_lengths_grow_evenly_from_the_shortest_to_the_longest():
    assert lengths_s(3, 0.05, 5.0) == [0.05, 0.5, 5.0]
    assert lengths_s(1, 0.05, 5.0) == [0.05]


def test_the_table_says_which_line_failed():
    text = table([Row("a", "1", "1", passed=True), Row("b", "1", "2", passed=False)])
    assert [line.split()[-1] for line in text.splitlines()[1:]] == ["pass", "FAIL"]


def caught_by(row: str) -> Callable[[Break], Break]:
    def known(defect: Break) -> Break:
        DEFECTS.append((row, defect))
        return defect

    return known


def stretch_moved_by(monkeypatch, step: int) -> None:
    sound = recovery._last_stretch

    def moved(is_good, share):
        start = sound(is_good, share)
        return None if start is None else min(max(start + step, 0), len(is_good) - 1)

    monkeypatch.setattr(recovery, "_last_stretch", moved)


@caught_by("the first good answer is the very request")
def window_one_too_late(monkeypatch):
    stretch_moved_by(monkeypatch, 1)


@caught_by("the first good answer is the very request")
def window_one_too_early(monkeypatch):
    stretch_moved_by(monkeypatch, -1)


@caught_by("recovery within one probe interval (10 ms)")
def recovered_at_the_first_good_answer(monkeypatch):
    def first(is_good, _share):
        bad = np.flatnonzero(~is_good)
        return int(bad[0] + np.argmax(is_good[bad[0] :])) if len(bad) else 0

    monkeypatch.setattr(recovery, "_last_stretch", first)


@caught_by("recovery within one probe interval (10 ms)")
def one_answer_proves_recovery(monkeypatch):
    monkeypatch.setattr(recovery, "_PROOF_PROBES", 1)


@caught_by("recovery within one probe interval (10 ms)")
def strays_tolerated_that_the_baseline_never_had(monkeypatch):
    sound = recovery._last_stretch
    monkeypatch.setattr(recovery, "_last_stretch", lambda good, _share: sound(good, 0.05))


@caught_by("recovery within one probe interval (10 ms)")
def down_only_from_the_first_bad_answer_of_the_baseline(monkeypatch):
    sound = recovery.recovery

    def shorter(*arguments):
        found = sound(*arguments)
        late_s = None if found.recovery_s is None else found.recovery_s * 0.9
        return replace(found, recovery_s=late_s)

    monkeypatch.setattr(recovery, "recovery", shorter)


@caught_by("recovery within one probe interval (10 ms)")
def strikes_that_never_make_room_for_the_next(monkeypatch):
    sound = recoveries.strikes

    def endless(of):
        return tuple(replace(span, until_ns=of.end_ns + 1) for span in sound(of))

    monkeypatch.setattr(recoveries, "strikes", endless)


@caught_by("the error bar covers the truth")
def an_error_bar_of_nothing(monkeypatch):
    sound = recovery.recovery
    bare = lambda *arguments: replace(sound(*arguments), resolution_s=0.0)  # noqa: E731
    monkeypatch.setattr(recovery, "recovery", bare)


@caught_by("broken promises by name")
def slow_answers_taken_for_good(monkeypatch):
    never = lambda probes, _contract: np.zeros(len(probes), dtype=np.bool_)  # noqa: E731
    monkeypatch.setattr(contracts, "slow", never)
    monkeypatch.setattr(contract_checker, "slow", never)


@caught_by("answers older than 0.1 s")
def old_answers_taken_for_fresh(monkeypatch):
    never = lambda probes, _contract: np.zeros(len(probes), dtype=np.bool_)  # noqa: E731
    monkeypatch.setattr(contracts, "too_old", never)


@caught_by("lost, by number")
def unknown_counted_as_lost(monkeypatch):
    monkeypatch.setattr(Ledger, "acked", property(lambda self: ~self.refused))


@caught_by("lost, by number")
def the_store_read_one_row_off(monkeypatch):
    sound = ledger.audit_of
    monkeypatch.setattr(ledger, "audit_of", lambda found, tried: sound(found + 1, tried))


@caught_by("duplicated, by number")
def doubles_that_count_once(monkeypatch):
    sound = ledger.audit_of
    monkeypatch.setattr(ledger, "audit_of", lambda found, tried: sound(np.unique(found), tried))


@caught_by("refused, yet there")
def refusals_taken_for_doubt(monkeypatch):
    nobody = property(lambda self: np.zeros(len(self), dtype=np.bool_))
    monkeypatch.setattr(Ledger, "refused", nobody)


def aged_by(monkeypatch, age_ns: Callable[..., int]) -> None:
    sound = ledger.account

    def aged(book, audit, struck_ns):
        loss = sound(book, audit, struck_ns)
        return replace(loss, loss_s=age_ns(book, loss.lost, struck_ns) / NS_PER_S)

    monkeypatch.setattr(ledger, "account", aged)


@caught_by("age of the oldest lost ack, to the millisecond")
def loss_as_old_as_the_newest_lost_ack(monkeypatch):
    aged_by(monkeypatch, lambda book, lost, struck_ns: struck_ns - book.ended_ns[lost].max())


@caught_by("age of the oldest lost ack, to the millisecond")
def loss_as_old_as_the_oldest_write(monkeypatch):
    aged_by(monkeypatch, lambda book, _lost, struck_ns: struck_ns - book.ended_ns.min())


@caught_by(f"longest latency, prober stopped for {promptness.STOPPED_S:g} s")
def latency_from_sending_only(monkeypatch):
    sound = history.latency_s
    monkeypatch.setattr(history, "latency_s", lambda p: sound(p) - history.lateness_s(p))


@caught_by("answers blamed for the prober's lag")
def the_target_blamed_for_the_probers_lag(monkeypatch):
    monkeypatch.setattr(contracts, "lateness_s", lambda probes: np.zeros(len(probes)))


@pytest.mark.parametrize(("row", "defect"), DEFECTS, ids=[d.__name__ for _, d in DEFECTS])
def test_a_planted_defect_is_caught(calibration, monkeypatch, row, defect):
    defect(monkeypatch)
    failed = [one.name for one in calibration.rows() if not one.passed]
    assert row in failed


def test_every_pass_line_catches_some_defect(calibration):
    """A line that no defect can fail would be decoration."""
    consequences = {"recovery, worst error", "recovery, mean error", "refused"}
    fixed_when_recorded = {
        "answers of the kind that was given",
        "staleness within one write interval (10 ms)",
        "there, though nobody tried",
        "in doubt, never counted as lost",
    }
    names = {row.name for row in calibration.rows()}
    assert names - {row for row, _ in DEFECTS} == consequences | fixed_when_recorded
