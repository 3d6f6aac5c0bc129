"""The scorecard page: one file, no script, and everything on it."""

import re
from html.parser import HTMLParser

import pytest

from blackstart.reports.material import RunMaterial
from blackstart.reports.page import page, write_page

PROOF = {
    "scenario": "redis-unavailable",
    "variant": "kill",
    "guardrail": "single-flight",
    "expected": "STAMPEDE",
    "verdict": "unproven",
    "reasons": ["it <still> held"],
}


class Balance(HTMLParser):
    """Every tag that is opened is closed, in order."""

    def __init__(self):
        super().__init__()
        self.open, self.texts, self.ids, self.tags = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in {"meta", "br", "img"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):  # noqa: ARG002 - the parser's face
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def parsed(run):
    reader = Balance()
    reader.feed(page(run))
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def run(drills):
    made = (drills.breached(), drills.fallback(), drills.fallback(), drills.never_began())
    return RunMaterial(result=drills.run_of(*made, proofs=(PROOF,)), drills=made)


def test_it_needs_nothing_from_elsewhere_and_runs_nothing(run):
    reader, text = parsed(run), page(run)
    assert not {"script", "link", "iframe", "img"} & set(reader.tags)
    assert not re.findall(r"(?:src|href)=|url\(|@import", text)


def test_the_verdict_is_in_the_first_words(run):
    said = [t.strip() for t in parsed(run).texts if t.strip()]
    assert "✕ 1 of 4 breached" in said[:8]


def test_every_drill_has_its_row_and_its_timeline(run):
    reader = parsed(run)
    said = " ".join(reader.texts)
    for wanted in ("15.4 s ± 0.02", "no outage seen (< 0.02 s)", "31 of 512 (2.30 s)", "−3.40 s"):
        assert wanted in said
    assert reader.tags.count("desc") == 4


def test_a_drill_shown_twice_does_not_share_an_id(run):
    ids = parsed(run).ids
    assert len(ids) == len(set(ids)) == 12


def test_tiles_count_and_never_flatter(run):
    said = [t.strip() for t in parsed(run).texts]
    tiles = {name: said[said.index(name) + 1] for name in ("Drills held", "Thinnest RTO margin")}
    assert tiles == {"Drills held": "2 / 4", "Thinnest RTO margin": "−3.40 s"}
    assert said[said.index("Acknowledged writes lost") + 1] == "31 of 872"


def test_one_that_never_came_back_is_thinner_than_any_margin(drills):
    made = (drills.fallback(), drills.never_back())
    said = parsed(RunMaterial(result=drills.run_of(*made), drills=made)).texts
    assert said[said.index("Thinnest RTO margin") + 1] == "not recovered"


def test_what_was_not_held_says_why_and_how_to_replay_it(run):
    said = parsed(run).texts
    assert "RTO_EXCEEDED: RTO 15.4 s exceeds 12 s" in said
    assert "orders-api: not healthy in 10 s" in said
    assert said.count("blackstart run 'db-unavailable[stall]' --target orders-api --seed 7") == 1


def test_proofs_are_shown_and_escaped(run):
    said = parsed(run).texts
    assert "single-flight" in said and "it <still> held" in said and "✕ unproven" in said


def test_bullets_say_their_meaning_in_words(run):
    assert "recovery 15.4 s ± 0.02, RTO 12 s, missed" in parsed(run).texts


def test_a_run_of_nothing_is_inconclusive_not_green(drills):
    said = parsed(RunMaterial(result=drills.run_of())).texts
    assert "? 0 of 0 inconclusive" in said


def test_it_is_written_whole(run, tmp_path):
    write_page(run, tmp_path / "out" / "page.html")
    assert (tmp_path / "out" / "page.html").read_text() == page(run)
