"""The result file and JUnit: read back what was written."""

import json
from xml.etree import ElementTree

import pytest

from blackstart.model.result import RunResult
from blackstart.reports.json_file import write_json
from blackstart.reports.junit import write_junit

PROOF = {
    "scenario": "s",
    "variant": "v",
    "guardrail": "breaker",
    "expected": "BARE_500",
    "verdict": "unproven",
}


def suites(run, tmp_path):
    write_junit(run, tmp_path / "junit.xml")
    return ElementTree.parse(tmp_path / "junit.xml").getroot().findall("testsuite")  # noqa: S314


def test_the_result_file_begins_with_its_schema_and_reads_back(drills, tmp_path):
    run = drills.run_of(drills.breached(), drills.never_began())
    path = tmp_path / "deep" / "result.json"
    write_json(run, path)
    text = path.read_text()
    assert text.startswith('{\n  "schema": 1,')
    assert RunResult.model_validate_json(text) == run
    assert json.loads(text)["drills"][1]["recovery_s"] is None


def test_a_result_file_is_replaced_whole_and_leaves_nothing_beside_it(drills, tmp_path):
    path = tmp_path / "result.json"
    path.write_text("old" * 10_000)
    write_json(drills.run_of(drills.fallback()), path)
    assert json.loads(path.read_text())["verdict"] == "held"
    assert [p.name for p in tmp_path.iterdir()] == ["result.json"]


def test_a_path_that_cannot_be_written_raises_and_leaves_nothing(drills, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_json(drills.run_of(), tmp_path / "taken")
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]


def test_secrets_do_not_reach_the_result_file(drills, tmp_path):
    run = drills.run_of(drills.fallback(), target="postgres://u:hunter2@h/db")
    write_json(run, tmp_path / "r.json")
    write_junit(run, tmp_path / "r.xml")
    assert "hunter2" not in (tmp_path / "r.json").read_text() + (tmp_path / "r.xml").read_text()


def test_junit_counts_failures_errors_and_waivers_apart(drills, tmp_path):
    made = [
        drills.fallback(),
        drills.breached(),
        drills.breached(waived=True),
        drills.inconclusive(),
    ]
    (suite,) = suites(drills.run_of(*made), tmp_path)
    counts = {k: suite.get(k) for k in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    held, breached, waived, inconclusive = suite.findall("testcase")
    assert [e.tag for e in held] == ["system-out"]
    assert breached.find("failure").get("type") == "RTO_EXCEEDED"
    assert "replay: blackstart run" in breached.find("failure").text
    assert waived.find("skipped").get("message").startswith("waived: RTO_EXCEEDED")
    assert inconclusive.find("error").get("message").startswith("INCONCLUSIVE: no witness")
    assert float(suite.get("time")) == pytest.approx(60.2 * 3 + 9.2)


def test_junit_names_cases_by_id_not_by_figures(drills, tmp_path):
    (suite,) = suites(drills.run_of(drills.breached()), tmp_path)
    case = suite.find("testcase")
    assert (case.get("classname"), case.get("name")) == (
        "blackstart.db-unavailable",
        "db-unavailable[kill]",
    )


def test_junit_has_a_suite_of_proofs_when_there_were_any(drills, tmp_path):
    _, proofs = suites(drills.run_of(drills.fallback(), proofs=(PROOF,)), tmp_path)
    case = proofs.find("testcase")
    assert case.get("name") == "s[v] without breaker"
    assert case.find("failure").get("message") == "breaker off: expected BARE_500, found nothing"


def test_control_characters_do_not_make_junit_unreadable(drills, tmp_path):
    (suite,) = suites(
        drills.run_of(drills.inconclusive(reasons=("log: \x1b[31m\x00 & <b>",))), tmp_path
    )
    assert suite.find("testcase/error").get("message") == "INCONCLUSIVE: log: [31m & <b>"
