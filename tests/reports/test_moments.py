"""The instants of a drill: laid on its clock from the marks and the checkers' figures."""

from dataclasses import replace

import pytest

from blackstart.measures.baseline import baselines
from blackstart.measures.history import MarkKind
from blackstart.measures.recovery import recovery
from blackstart.measures.strikes import strikes
from blackstart.model.outcome import Outcome
from blackstart.reports.moments import moments_of


def moments(material):
    return moments_of(material.history, material.result, material.scenario, material.variant)


def at_s(drills, at_ns):
    return (at_ns - drills.BEGAN_NS) / drills.S


def test_recovery_and_normal_are_the_checkers_figures(drills):
    seen = moments(drills.outage())
    assert at_s(drills, seen.struck_ns) == 20.0
    assert at_s(drills, seen.back_ns) == pytest.approx(35.4)
    assert at_s(drills, seen.normal_ns) == pytest.approx(32.0 + 5.1)


def test_a_condition_lasts_until_it_is_lifted(drills):
    (band,) = moments(drills.fallback()).faults
    assert (at_s(drills, band.from_ns), at_s(drills, band.to_ns), band.lifted) == (3, 6, True)


def test_damage_that_the_target_mends_itself_lasts_until_answers_are_good(drills):
    material = drills.outage()
    marks = tuple(m for m in material.history.marks if "recover" not in m.kind.value)
    (band,) = moments(replace(material, history=replace(material.history, marks=marks))).faults
    assert at_s(drills, band.to_ns) == pytest.approx(35.4)
    assert not band.lifted


def test_a_strike_that_was_never_completed_shades_nothing(drills):
    seen = moments(drills.inconclusive())
    assert at_s(drills, seen.struck_ns) == 3.0
    assert seen.faults == () and seen.back_ns is None


def test_of_two_strikes_the_recovery_belongs_to_the_one_it_was_measured_from(drills):
    ok, error = {Outcome.OK: 1.0}, {Outcome.ERROR: 1.0}
    phases = [
        drills.Phase(0, ok),
        drills.Phase(3, error),
        drills.Phase(3.5, ok),
        drills.Phase(6, error),
        drills.Phase(8, ok),
    ]
    history = drills.fallback().history
    marks = [drills.mark(0, MarkKind.STEADY)]
    for number, began_s in enumerate((3, 6)):
        told = {"strike": number, "group": number}
        marks += [
            drills.mark(began_s, MarkKind.STRIKE_CALLED, "stall", **told),
            drills.mark(began_s, MarkKind.STRIKE_COMPLETED, "stall", **told),
            drills.mark(began_s + 1, MarkKind.LIFTED, "lifted"),
        ]
    rates = {"read": 50.0, "write": 10.0}
    history = replace(
        history,
        probes=drills.probes(phases, 12, rates),
        marks=tuple(sorted(marks, key=lambda m: m.at_ns)),
    )
    plan = drills.scenario()
    second = recovery(
        history, "read", plan.contract["read"], baselines(history)["read"], strikes(history)[1]
    )
    seen = moments(drills.material(history, "stall", recovery_s=second.recovery_s))
    assert at_s(drills, seen.struck_ns) == 6.0
    assert [at_s(drills, band.from_ns) for band in seen.faults] == [3.0, 6.0]
