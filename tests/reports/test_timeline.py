"""The timeline: what it shows, that it is well-formed, small, and says nothing by colour alone."""

import re
import time
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest

from blackstart.measures.history import OUTCOMES, History, MarkKind
from blackstart.model.outcome import Outcome
from blackstart.reports.timeline import timeline

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("outage", "breached", "fallback", "never_back", "inconclusive", "never_began")


def read(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)  # noqa: S314 - our own picture


def texts(picture: str) -> list[str]:
    return ["".join(t.itertext()) for t in read(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_drill_is_well_formed_and_named(drills, kind):
    material = getattr(drills, kind)()
    root = read(timeline(material))
    named = root.attrib["aria-labelledby"].split()
    by_id = {e.attrib.get("id"): e.text for e in root.iter()}
    assert "The primary database is lost" in by_id[named[0]]
    assert material.result.verdict.value in by_id[named[1]]
    assert root.attrib["role"] == "img"


@pytest.mark.parametrize("kind", KINDS)
def test_the_verdict_stands_there_as_a_word(drills, kind):
    material = getattr(drills, kind)()
    assert material.result.verdict.value in texts(timeline(material))


def test_each_lane_has_its_word_and_the_count_of_its_answers(drills):
    material = drills.outage()
    said = texts(timeline(material))
    for outcome, count in drills.counts(material.history).items():
        at = said.index(outcome.value)
        assert said[at + 1] == f"{count:,}"


def test_there_is_a_dot_for_each_probe(drills):
    material = drills.outage()
    paths = read(timeline(material)).iter(f"{SVG}path")
    dots = {
        p.attrib["data-outcome"]: p.attrib["d"].count("h0")
        for p in paths
        if "data-outcome" in p.attrib
    }
    counted = drills.counts(material.history)
    assert dots == {o.value: n for o, n in counted.items() if n}


def test_three_thousand_probes_stay_small_and_fast(drills):
    material = drills.outage()
    assert len(material.history.probes) == 3000
    timeline(material)
    began = time.process_time()
    picture = timeline(material)
    assert time.process_time() - began < 0.1  # about 3 ms on an idle machine
    assert len(picture.encode()) < 64_000


def test_in_a_crowd_dots_are_fewer_but_every_failure_is_under_one(drills):
    material = drills.outage()
    many = np.repeat(material.history.probes, 40)
    spread = np.random.default_rng(1).integers(0, 20_000_000, len(many))
    many["scheduled_ns"] += spread
    many["ended_ns"] += spread
    many = many[np.argsort(many["scheduled_ns"], kind="stable")]
    history = History(roles=material.history.roles, probes=many, marks=material.history.marks)
    crowded = drills.material(history, recovery_s=15.4)
    picture = timeline(crowded)
    assert "120,000 probes: read 1,600/s, write 400/s" in " ".join(texts(picture))
    drawn = pixels(picture)
    failed = np.isin(
        many["outcome"], [OUTCOMES.index(Outcome.ERROR), OUTCOMES.index(Outcome.TIMEOUT)]
    )
    assert sum(len(places) for places in drawn.values()) < len(many) / 2
    share = (many["scheduled_ns"][failed] - history.start_ns) / (history.end_ns - history.start_ns)
    columns = {round(104 + s * 996) for s in share.tolist()}
    shown = {round(x / 10) for o in ("error", "timeout") for x, _ in drawn[o]}
    assert columns <= {c + d for c in shown for d in (-1, 0, 1)}
    assert len(picture.encode()) < 400_000


def pixels(picture: str) -> dict[str, list[tuple[int, int]]]:
    """Where dots are, in tenths of a pixel, by outcome."""
    found = {}
    for path in read(picture).iter(f"{SVG}path"):
        if "data-outcome" in path.attrib:
            steps = re.findall(r"m(-?\d+) ?(-?\d+)h0", path.attrib["d"])
            places = np.cumsum(np.array(steps, dtype=int), axis=0)
            found[path.attrib["data-outcome"]] = [(int(x), int(y)) for x, y in places]
    return found


def test_a_failure_stands_above_a_quick_answer_and_after_the_strike(drills):
    drawn = pixels(timeline(drills.outage()))
    assert max(y for _, y in drawn["timeout"]) < min(y for _, y in drawn["ok"])
    struck_x = 104 + 996 * 20 / 60
    assert min(x for x, _ in drawn["timeout"]) / 10 >= struck_x - 1


def test_texts_are_escaped(drills):
    plan = drills.scenario(title="<script>alert('1')</script> & \x07 \"more\"")
    material = drills.material(drills.outage().history, plan=plan, recovery_s=1.0)
    picture = timeline(material)
    assert "<script" not in picture
    assert read(picture).find(f"{SVG}title").text.startswith("<script>alert('1')</script> & ")


def test_secrets_in_marks_and_settings_are_not_drawn(drills):
    history = drills.outage().history
    told = drills.mark(1, MarkKind.NOTE, "postgres://app:hunter2@db/orders")
    history = History(roles=history.roles, probes=history.probes, marks=(*history.marks, told))
    assert "hunter2" not in timeline(drills.material(history))


def test_styles_hold_only_inside_their_own_picture(drills):
    picture = timeline(drills.outage())
    scope = read(picture).attrib["id"]
    rules = re.findall(r"([^{}<>]+)\{", picture.split("<style>")[1].split("</style>")[0])
    assert rules and all(rule.startswith(f"#{scope} ") for rule in rules)
    assert scope != read(timeline(drills.fallback())).attrib["id"]


def test_without_an_outage_it_says_so_with_its_resolution(drills):
    assert "no outage seen (< 0.02 s)" in texts(timeline(drills.fallback()))


def test_without_a_recovery_nothing_pretends_to_be_one(drills):
    said = texts(timeline(drills.never_back()))
    assert "not recovered" in said
    assert any(t.startswith("not good again for 6.9") for t in said)
    assert not any(t.startswith("recovery ") for t in said)


def test_an_inconclusive_drill_gives_its_reason_and_claims_no_figure(drills):
    said = texts(timeline(drills.inconclusive()))
    assert "no witness: nothing confirms that redis was stalled" in said
    assert said.count("NOT MEASURED") == 2
    assert not any("MET" in t.split() for t in said)


def test_a_drill_without_probes_says_that_there_is_nothing(drills):
    said = texts(timeline(drills.never_began()))
    assert any("no probe was sent" in t for t in said)


def test_findings_are_told_and_those_beyond_the_room_counted(drills):
    found = drills.breached().result.findings
    said = texts(timeline(drills.breached()))
    assert f"RTO_EXCEEDED: {found[0].detail}" in said
    said = texts(timeline(drills.breached(findings=found * 4)))
    assert any(t.startswith("and 5 more") for t in said)


def test_timings_and_tolerance_are_printed(drills):
    said = " ".join(texts(timeline(drills.outage())))
    assert "breaker_reset_s 2" in said and "failures_to_open 5" in said
    assert "2 in 1,000, from the baseline" in said
    assert "3,000 probes: read 40/s, write 10/s" in said


def test_every_label_stays_inside_the_picture(drills):
    for kind in KINDS:
        root = read(timeline(getattr(drills, kind)()))
        width, height = float(root.attrib["width"]), float(root.attrib["height"])
        for text in root.iter(f"{SVG}text"):
            assert 0 <= float(text.attrib["x"]) <= width
            assert 0 < float(text.attrib["y"]) <= height - 2


def test_no_two_flags_share_a_place_even_when_crowded(drills):
    history = drills.outage().history
    extra = tuple(
        drills.mark(20 + i * 0.2, MarkKind.SIGNAL, f"warning number {i}") for i in range(30)
    )
    marks = tuple(sorted((*history.marks, *extra), key=lambda m: m.at_ns))
    crowded = History(roles=history.roles, probes=history.probes, marks=marks)
    picture = timeline(drills.material(crowded, recovery_s=15.4, normal_s=5.1))
    flags = [
        t for t in read(picture).iter(f"{SVG}text") if t.attrib.get("class", "").startswith("f")
    ]
    boxes = [box(t) for t in flags]
    assert len(boxes) == 10
    assert not [1 for a, b in combinations(boxes, 2) if overlap(a, b)]
    assert any("more events are in the marks" in t for t in texts(picture))


def box(text: ElementTree.Element) -> tuple[float, float, float]:
    from blackstart.reports.drawing.text_width import text_width

    x, wide = float(text.attrib["x"]), text_width(text.text, 11.5)
    left = x - wide if "e" in text.attrib["class"].split() else x
    return left, left + wide, float(text.attrib["y"])


def overlap(a: tuple[float, float, float], b: tuple[float, float, float]) -> bool:
    return a[2] == b[2] and a[0] < b[1] and b[0] < a[1]


def test_flags_stand_at_their_instants(drills):
    root = read(timeline(drills.fallback()))
    feet = [float(c.attrib["cx"]) for c in root.iter(f"{SVG}circle") if "cx" in c.attrib]
    at_s = [3.0, 6.0, 6.1]
    expected = [104 + 996 * s / span_s(drills.fallback()) for s in at_s]
    assert feet == pytest.approx(expected, abs=0.1)


def span_s(material) -> float:
    return (material.history.end_ns - material.history.start_ns) / 1e9
