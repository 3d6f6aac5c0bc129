"""The scorecard: the same facts in a table, in plain lines, and in ASCII."""

import io

import pytest
from rich.console import Console

from blackstart.reports.figures import measured_text, objective_text
from blackstart.reports.scorecard_terminal import print_scorecard
from blackstart.reports.standing import margin_s

PROOFS = (
    {
        "scenario": "redis-unavailable",
        "variant": "stall",
        "guardrail": "fallback",
        "expected": "BARE_500",
        "found": ["BARE_500"],
        "verdict": "proven",
    },
    {
        "scenario": "redis-unavailable",
        "variant": "kill",
        "guardrail": "single-flight",
        "expected": "STAMPEDE",
        "verdict": "unproven",
        "reasons": ["it still held"],
        "replay": "blackstart run 'redis-unavailable[kill]' --prove --seed 7",
    },
)


class Ascii(io.StringIO):
    encoding = "ascii"


def shown(result, width=80, *, terminal=False, file=None):
    file = file or io.StringIO()
    print_scorecard(
        result, Console(file=file, width=width, force_terminal=terminal, color_system=None)
    )
    return file.getvalue()


@pytest.fixture
def run(drills):
    made = [drills.breached(), drills.fallback(), drills.never_back(), drills.inconclusive()]
    return drills.run_of(*made, proofs=PROOFS)


@pytest.mark.parametrize(("width", "terminal"), [(80, False), (80, True), (140, True)])
def test_verdict_figures_and_objectives_are_there_in_every_form(run, width, terminal):
    said = " ".join(shown(run, width, terminal=terminal).split())
    for wanted in (
        "✕ breached",
        "✓ held",
        "? inconclusive",
        "db-unavailable[stall]",
        "15.4 s ± 0.02",
        "no outage seen (< 0.02 s)",
        "not recovered",
        "31 of 512 (2.30 s)",
        "3,000",
    ):
        assert wanted in said


def test_what_is_not_held_says_why_and_how_to_replay_it(run):
    said = shown(run)
    assert "    RTO_EXCEEDED: RTO 15.4 s exceeds 12 s\n" in said
    assert "    no witness: nothing confirms that redis was stalled\n" in said
    assert said.count("replay: blackstart run 'db-unavailable") == 3
    assert "witness: process 4711 is gone" in said


def test_a_held_drill_needs_no_replay(drills):
    assert "replay" not in shown(drills.run_of(drills.fallback()))


def test_plain_lines_fit_eighty_columns_save_for_commands(run):
    lines = [line for line in shown(run).splitlines() if "replay: " not in line]
    assert max(len(line) for line in lines) <= 80


def test_a_command_is_never_wrapped(drills):
    command = "blackstart run " + " ".join(f"'scenario-{i}[variant]'" for i in range(12))
    assert command in shown(drills.run_of(drills.inconclusive(replay=command)))


def test_the_summary_counts_and_tells_what_the_surroundings_cost(run):
    *_, counts, costs = shown(run).splitlines()
    assert counts == "1 held, 2 breached, 1 inconclusive, 1 proof proven, 1 proof unproven"
    assert costs == "stack 0.94 s · target 1.42 s · teardown 0.31 s"


@pytest.mark.parametrize(("width", "terminal"), [(80, False), (140, True)])
def test_proofs_tell_what_was_expected_and_found(run, width, terminal):
    said = shown(run, width, terminal=terminal)
    assert "BARE_500" in said and "fallback" in said
    assert "single-flight off: expected STAMPEDE, found nothing" in said
    assert "it still held" in said


def test_a_waived_breach_is_shown_as_waived_and_breached(drills):
    assert "✕ breached (waived)" in shown(drills.run_of(drills.breached(waived=True)))


def test_a_terminal_without_unicode_gets_ascii(run):
    said = shown(run, file=Ascii())
    assert said.isascii()
    assert "x breached" in said and "15.4 s +/- 0.02" in said and "?" in said


def test_nothing_drilled_is_said(drills):
    assert "nothing was drilled" in shown(drills.run_of())


@pytest.mark.parametrize(
    ("value_s", "measured", "objective"),
    [
        (0.0, "0.00 s", "0 s"),
        (3.416, "3.42 s", "3.416 s"),
        (15.4, "15.4 s", "15.4 s"),
        (125.0, "2 min 05 s", "2 min 05 s"),
        (900.0, "15 min 00 s", "15 min"),
        (6720.0, "1 h 52 min", "1 h 52 min"),
        (14400.0, "4 h 00 min", "4 h"),
        (None, "–", "–"),
    ],
)
def test_seconds_are_written_for_reading(value_s, measured, objective):
    assert (measured_text(value_s), objective_text(value_s)) == (measured, objective)


def test_nothing_allowed_and_nothing_used_is_no_margin():
    assert margin_s(0.0, 0.0) is None
    assert margin_s(0.0, 1.5) == -1.5
    assert margin_s(None, 1.5) is None
