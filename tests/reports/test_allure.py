"""Allure results, read back from the directory as Allure itself would."""

import csv
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from blackstart.model.findings import FindingCode
from blackstart.reports.allure import write_allure
from blackstart.reports.allure_parts.categories import (
    CATEGORIES,
    CONTRACT,
    HARNESS,
    categories,
    category_of,
)
from blackstart.reports.material import DrillMaterial, RunMaterial
from blackstart.reports.message import status_message


class Written:
    """A results directory and what is in it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def read(self, pattern):
        return [json.loads(p.read_text()) for p in sorted(self.directory.glob(pattern))]

    @property
    def results(self):
        return {r["name"]: r for r in self.read("*-result.json")}

    def attachment(self, holder, name):
        (found,) = [a for a in holder["attachments"] if a["name"] == name]
        return found, (self.directory / found["source"]).read_bytes()


@pytest.fixture(scope="module")
def write(drills, tmp_path_factory):
    def written(*made: DrillMaterial) -> Written:
        directory = tmp_path_factory.mktemp("allure") / "results"
        write_allure(RunMaterial(result=drills.run_of(*made), drills=made), directory)
        return Written(directory)

    return written


@pytest.fixture(scope="module")
def breached(drills, write):
    return write(drills.breached())


@pytest.fixture(scope="module")
def result(breached):
    return breached.results["db-unavailable[kill]"]


@pytest.mark.parametrize(
    ("kind", "status", "lead"),
    [
        ("fallback", "passed", "held: "),
        ("breached", "failed", "RTO_EXCEEDED: RTO 15.4 s exceeds 12 s"),
        ("never_back", "failed", "NOT_RECOVERED: "),
        ("inconclusive", "broken", "INCONCLUSIVE: no witness"),
        ("never_began", "broken", "INCONCLUSIVE: orders-api: not healthy"),
    ],
)
def test_verdicts_become_statuses_with_a_fixed_lead(drills, write, kind, status, lead):
    (read,) = write(getattr(drills, kind)()).results.values()
    assert read["status"] == status
    assert read["statusDetails"]["message"].startswith(lead)
    assert read["stop"] >= read["start"] > 0


def test_labels_tell_where_it_belongs(result):
    labels = {label["name"]: label["value"] for label in result["labels"]}
    assert labels["epic"] == "resilience"
    assert labels["feature"] == "postgres"
    assert labels["story"] == "The primary database is lost"
    assert labels["severity"] == "critical"
    assert (labels["layer"], labels["fault"]) == ("drill", "kill")
    assert labels["scenario"] == "db-unavailable"
    assert "host" not in labels


@pytest.mark.parametrize(
    ("priority", "severity"),
    [("P0", "blocker"), ("P1", "critical"), ("P2", "normal"), ("-", "minor")],
)
def test_severity_follows_priority(drills, write, priority, severity):
    plan = drills.scenario(priority=priority)
    material = drills.material(drills.inconclusive().history, "stall", plan)
    (read,) = write(material).results.values()
    assert {"name": "severity", "value": severity} in read["labels"]


def test_history_hangs_on_the_drill_not_on_seed_or_figures(drills, write):
    ids = {
        next(iter(write(material).results.values()))["historyId"]
        for material in (drills.breached(), drills.outage(seed=9), drills.breached(recovery_s=14.0))
    }
    assert len(ids) == 1
    (other,) = write(drills.fallback()).results.values()
    assert other["historyId"] not in ids
    assert other["historyId"] == other["testCaseId"]


def test_steps_carry_measured_times_and_their_own_status(drills, result):
    began_ms = (drills.BEGAN_NS + drills.WALL_OFFSET_NS) // 1_000_000
    steps = {
        s["name"]: (s["start"] - began_ms, s["stop"] - began_ms, s["status"])
        for s in result["steps"]
    }
    assert steps["Steady state seen"] == (0, 20_000, "passed")
    assert steps["Strike: kill postgres"] == (20_000, 20_030, "passed")
    assert steps["Outage and recovery"] == (20_000, 35_400, "failed")
    assert steps["Data judged"][2] == "passed"
    assert steps["Steady again"][0] == 35_400
    strike, outage = result["steps"][1], result["steps"][2]
    assert strike["steps"][0]["name"] == "witness: process 4711 is gone"
    (runbook,) = outage["steps"]
    assert runbook["stop"] - runbook["start"] == 7_500
    assert "BARE_500" in outage["statusDetails"]["message"]


def test_a_strike_without_a_witness_is_a_broken_step(drills, write):
    (read,) = write(drills.inconclusive()).results.values()
    assert {s["name"]: s["status"] for s in read["steps"]}["Strike: stall redis"] == "broken"


def test_a_lost_write_fails_the_step_that_judges_data(drills, write):
    found = ({"code": FindingCode.ACKED_WRITE_LOST, "detail": "31 lost"},)
    (read,) = write(drills.breached(findings=found)).results.values()
    statuses = {s["name"]: s["status"] for s in read["steps"]}
    assert statuses["Data judged"] == "failed"
    assert statuses["Outage and recovery"] == "passed"


def test_the_timeline_is_in_line_and_in_the_description(breached, result):
    (step,) = [s for s in result["steps"] if s["name"] == "Timeline"]
    kind, svg = breached.attachment(step, "Timeline")
    assert kind["type"] == "image/svg+xml"
    assert svg.startswith(b"<svg")
    assert "data:image/svg+xml;base64," in result["descriptionHtml"]
    assert "RTO 12 s" in result["descriptionHtml"].split("<img")[0]


def test_the_evidence_is_short_with_failures_first(drills, breached, result):
    _, body = breached.attachment(result, "Evidence (failures first)")
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    failed = [row["outcome"] in {"error", "timeout"} for row in rows]
    assert len(rows) == 200
    assert failed == [True] * 150 + [False] * 50
    times = [float(row["at_s"]) for row in rows[:150]]
    assert times == sorted(times)
    assert {row["role"] for row in rows} == {"read", "write"}


def test_every_probe_is_in_the_zip(drills, breached, result):
    _, body = breached.attachment(result, "All probes and samples")
    archive = zipfile.ZipFile(io.BytesIO(body))
    rows = list(csv.DictReader(io.StringIO(archive.read("probes.csv").decode())))
    history = drills.breached().history
    assert len(rows) == len(history.probes) == 3000
    first = history.probes[0]
    took_ms = (first["ended_ns"] - first["scheduled_ns"]) / 1e6
    assert float(rows[0]["latency_ms"]) == pytest.approx(took_ms, abs=1e-3)
    assert {r["ending"] for r in rows if r["role"] == "read"} == {""}
    assert {r["ending"] for r in rows if r["role"] == "write"} >= {"acked", "refused", "unknown"}


def test_marks_and_result_are_attached_as_json(breached, result):
    _, marks = breached.attachment(result, "Marks")
    assert {
        "at_s": 20.0,
        "kind": "strike called",
        "text": "kill postgres",
        "data": {},
    } in json.loads(marks)
    _, drill = breached.attachment(result, "Result")
    assert json.loads(drill)["recovery_s"] == 15.4


def test_metrics_are_written_for_what_was_measured_only(drills, write):
    samples = [s for part in write(drills.breached()).read("*-perf.json") for s in part]
    values = {s["key"]: s["value"] for s in samples}
    assert values == {
        "rto.db-unavailable[kill]": 15.4,
        "loss.db-unavailable[kill]": 2.3,
        "normal.db-unavailable[kill]": 5.1,
    }
    assert all(s["stop"] - s["start"] == 15_400 for s in samples)
    unmeasured = [s for part in write(drills.never_back()).read("*-perf.json") for s in part]
    assert [s["key"] for s in unmeasured] == ["loss.db-unavailable[stall]"]
    assert write(drills.never_began()).read("*-perf.json") == []


def test_the_configuration_names_the_metrics_and_gates_them(breached):
    (config,) = breached.read("allurerc.json")
    assert config["performance"]["metrics"]["rto.db-unavailable[kill]"] == {
        "title": "db-unavailable[kill] recovery",
        "unit": "s",
        "better": "lower",
        "group": "rto",
    }
    limits = {
        r["metricMax"]["key"]: r["metricMax"]["value"]
        for r in config["qualityGate"]["rules"]
        if "metricMax" in r
    }
    assert limits == {"rto.db-unavailable[kill]": 12.0, "loss.db-unavailable[kill]": 5.0}
    assert config["categories"]["rules"] == breached.read("categories.json")[0]


def test_the_environment_escapes_what_properties_need(drills, tmp_path):
    run = drills.run_of(target="naïve = api\\x")
    write_allure(RunMaterial(result=run), tmp_path)
    lines = (tmp_path / "environment.properties").read_text().splitlines()
    assert "target=na\\u00efve = api\\\\x" in lines
    assert any(line.startswith("target\\ commit=4f2c1ab") for line in lines)


def test_the_run_has_its_scorecard_as_an_attachment(breached):
    (shown,) = breached.read("*-globals.json")
    kind, body = breached.attachment(shown, "Scorecard")
    assert kind["type"] == "text/html"
    assert b"db-unavailable[kill]" in body


def test_a_waived_breach_is_failed_but_known(drills, write):
    (read,) = write(drills.breached(waived=True)).results.values()
    assert read["status"] == "failed"
    assert read["statusDetails"]["known"] is True
    assert {"name": "tag", "value": "waived"} in read["labels"]


def test_an_owner_is_named_where_there_is_one(drills, write):
    from dataclasses import replace

    (read,) = write(replace(drills.fallback(), owner="team-orders")).results.values()
    assert {"name": "owner", "value": "team-orders"} in read["labels"]


def test_secrets_reach_no_file(drills, write):
    secret = "redis://:hunter2@cache"
    written = write(drills.inconclusive(reasons=(secret,), witness=(secret,), replay=secret))
    for path in written.directory.iterdir():
        assert b"hunter2" not in path.read_bytes(), path


def first_category(status: str, message: str, match=re.search) -> str:
    for rule in categories():
        if status in rule["matchedStatuses"] and match(rule.get("messageRegex", ""), message):
            return rule["name"]
    return ""


@pytest.mark.parametrize("code", list(FindingCode))
@pytest.mark.parametrize("match", [re.search, re.fullmatch])
def test_every_finding_has_its_category_in_both_generations_of_allure(drills, code, match):
    material = drills.breached(findings=({"code": code, "detail": "a sentence\nof two lines"},))
    message = status_message(material.result)
    assert first_category("failed", message, match) == category_of(code)
    in_pytest = f"blackstart.model.errors.BreachedError: {message}"
    assert first_category("failed", in_pytest, match) == category_of(code)


def test_no_finding_is_in_two_categories():
    named = [code for _, codes in CATEGORIES for code in codes]
    assert len(named) == len(set(named))


def test_the_gravest_finding_names_the_category():
    message = "db[kill]: breached\nBARE_500: 3 answers\nACKED_WRITE_LOST: 2 writes"
    assert first_category("failed", message) == category_of(FindingCode.ACKED_WRITE_LOST)
    assert category_of(FindingCode.BARE_500) == CONTRACT


def test_inconclusive_is_told_from_an_error_of_the_harness(drills):
    message = status_message(drills.inconclusive().result)
    assert first_category("broken", message).startswith("Inconclusive")
    assert first_category("broken", "KeyError: 'postgres'") == HARNESS


def test_ids_are_not_random(drills, result):
    expected = hashlib.sha256(b"orders-api:db-unavailable[kill]").hexdigest()[:32]
    assert result["historyId"] == expected
