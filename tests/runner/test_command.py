"""The command as a user meets it: what it shows, what it concludes, what it writes."""

import json
import shlex

import pytest

from blackstart.model.result import ProofResult

from .running import DRILL, ended

DRILLED = DRILL[:2]
TOP = (
    "schema verdict seed started_at tool_version target target_commit config_sha256 stack stack_s "
    "target_s teardown_s drills proofs"
)
OF_A_DRILL = (
    "scenario variant verdict reasons waived findings witness probes outcomes recovery_s "
    "recovery_resolution_s rto_s normal_s detect_s acked refused unknown lost_writes loss_s rpo_s "
    "duration_s inherent_s replay"
)
OUTCOMES = "ok stale degraded shed error timeout"
OF_A_PROOF = "scenario variant guardrail expected found verdict reasons replay"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Rehearse disasters on purpose"),
        (["--help"], "Rehearse disasters on purpose"),
        (["run", "--help"], "--target"),
        (["list"], "kill, cut, stall, restart-empty"),
        (["explain", "redis-unavailable"], "proof: without memory-fallback → BARE_500"),
        (["proxy", "-version"], "Toxiproxy"),
    ],
)
def test_what_it_shows_is_plain_and_quick(arguments, says):
    shown = [ended(*arguments) for _ in range(3)]
    assert {how.code for how in shown} == {0}
    assert {how.err for how in shown} == {""}
    assert says in shown[0].out
    assert not set(shown[0].out) & set("\x1b╭│…┃━")
    assert min(how.took_s for how in shown) < 0.8


def test_every_name_in_the_list_can_be_explained():
    rows = [line.split() for line in ended("list").out.splitlines()[1:]]
    assert len(rows) >= 4
    for name, *_ in rows:
        assert ended("explain", name).out.startswith(f"{name} · ")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([("traffic.write", "traffic.other")], "the target maps no traffic to write"),
        ([(', "redis"]', "]")], "the target has no redis"),
        ([("[signals]", "writes = true\n[signals]")], "the target names no audit of write"),
        ([("redis-lost", "other")], "the target names no log line for redis-lost"),
        ([('[health]\nrequest = "GET /health"', "")], "the target names no [health]"),
    ],
)  # fmt: skip
def test_what_a_target_does_not_cover_is_inconclusive(own, tmp_path, changes, says):
    written = tmp_path / "out.json"
    how = ended(*DRILLED, "--config", own(*changes), "--json", written)
    assert how.code == 2, how.err
    (drill,) = json.loads(written.read_text())["drills"]
    assert (drill["verdict"], drill["reasons"]) == ("inconclusive", [f"not covered: {says}"])
    assert f"not covered: {says}" in how.out


def test_a_target_that_never_gets_steady_is_inconclusive(own):
    how = ended(*DRILLED, "--config", own(("POST /orders", "PUT /orders")))
    assert how.code == 2, how.err
    assert "no steady state: write did not get warm" in how.err


def test_a_breach_ends_with_one_and_says_how_to_repeat_it(own):
    config = own()
    how = ended(*DRILLED, "--config", config)
    assert how.code == 1, how.err
    assert "WARNING_SILENT: redis-lost: came never" in how.out
    assert f"replay: blackstart run 'redis-unavailable[cut]' --config {config} --seed 7" in (
        " ".join(how.out.split())
    )


def test_a_drill_writes_its_result_and_the_way_to_repeat_it(tmp_path):
    written = tmp_path / "out.json"
    how = ended(*DRILL, "--json", written)
    assert (how.code, how.took_s < 15) == (0, True), how.err
    result = json.loads(written.read_text())
    assert list(result) == TOP.split()
    assert (result["schema"], result["verdict"], result["proofs"]) == (1, "held", [])
    (drill,) = result["drills"]
    assert list(drill) == OF_A_DRILL.split()
    assert list(drill["outcomes"]) == OUTCOMES.split()
    assert list(ProofResult.model_fields) == OF_A_PROOF.split()
    _, *replay = shlex.split(drill["replay"])
    again = ended(*replay, "--json", written)
    assert again.code == 0, again.err
    assert json.loads(written.read_text())["drills"][0]["replay"] == drill["replay"]
