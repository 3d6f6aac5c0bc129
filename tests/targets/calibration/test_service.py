"""The calibration target does what its script says, and writes down when it did."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from blackstart.stacks import ports
from blackstart.targets.calibration.script import Outage, ScriptError, load
from blackstart.warden.launcher import module_environment


class Running:
    def __init__(self, folder: Path, script: dict[str, Any]) -> None:
        self.port, self.truth = ports.free(), folder / "truth"
        (folder / "script").write_text(json.dumps(script))
        argv = ["--port", str(self.port), "--script", folder / "script", "--truth", self.truth]
        module = [sys.executable, "-m", "blackstart.targets.calibration"]
        self.process = subprocess.Popen([*module, *argv], env=module_environment())
        self.until(lambda: ports.taken(self.port))

    def until(self, condition: Callable[[], bool], limit_s: float = 10) -> None:
        deadline = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < deadline and self.process.poll() is None
            time.sleep(0.005)

    def ask(self, request: str) -> tuple[int, dict[str, str], bytes]:
        method, path = request.split(" ")
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=0.3)
        try:
            client.request(method, path)
            answer = client.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            client.close()

    def told(self, kind: str) -> list[dict[str, Any]]:
        self.ask("GET /truth")
        lines = [json.loads(line) for line in self.truth.read_text().splitlines()]
        return [line for line in lines if line["told"] == kind]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def start(**script: Any) -> Running:
        started.append(Running(tmp_path, script))
        return started[-1]

    yield start
    for one in started:
        one.process.terminate()
        one.process.wait(5)


def outage(kind: str, for_s: float = 60, **more: Any) -> list[dict[str, Any]]:
    return [{"kind": kind, "from_s": 0, "for_s": for_s, **more}]


@pytest.mark.parametrize(
    ("kind", "status", "header"),
    [
        ("bare", 500, None),
        ("shed", 503, "Retry-After"),
        ("stale", 200, "Age"),
        ("degraded", 200, "X-Degraded"),
        ("slow", 200, None),
    ],
)
def test_an_answer_is_of_the_kind_that_the_script_has(run, kind, status, header):
    target = run(outages=outage(kind, delay_s=0.1))
    assert target.ask("GET /read/0")[:1] == (200,)
    target.ask("POST /begin")
    found, headers, _ = target.ask("GET /read/1")
    assert found == status
    assert header is None or header in headers
    last = target.told("answer")[-1]
    assert (last["seq"], last["did"]) == (1, kind)
    assert (last["answered_ns"] - last["arrived_ns"] >= 100_000_000) == (kind == "slow")


@pytest.mark.parametrize(("kind", "error"), [("hang", TimeoutError), ("reset", ConnectionError)])
def test_an_answer_may_never_come(run, kind, error):
    target = run(outages=outage(kind))
    target.ask("POST /begin")
    with pytest.raises(error):
        target.ask("GET /read/1")
    assert target.told("answer")[-1]["answered_ns"] is None


def test_connections_are_refused_and_accepted_again_when_the_truth_says(run):
    target = run(outages=outage("refuse", for_s=0.2))
    target.ask("POST /begin")
    target.until(lambda: not ports.taken(target.port))
    with pytest.raises(ConnectionRefusedError):
        target.ask("GET /read/1")
    target.until(lambda: ports.taken(target.port))
    (told,) = target.told("outage")
    assert told["from_ns"] < told["to_ns"] <= time.monotonic_ns()


def test_an_outage_is_over_at_its_scripted_instant(run):
    target = run(outages=outage("bare", for_s=0.05))
    begun_ns = json.loads(target.ask("POST /begin")[2])["begun_ns"]
    target.until(lambda: bool(target.told("outage")))
    (told,) = target.told("outage")
    assert (told["from_ns"], told["to_ns"]) == (begun_ns, begun_ns + 50_000_000)
    assert target.ask("GET /read/1")[0] == 200


def test_writes_are_kept_lost_doubled_and_lied_about_by_number(run):
    deeds = {"lose": [1], "double": [2], "refuse": [3], "refuse_yet_write": [4]}
    target = run(writes={**deeds, "doubt_yet_write": [5], "doubt": [6], "strangers": [99]})
    statuses = [target.ask(f"POST /write/{seq}")[0] for seq in range(7)]
    assert statuses == [201, 201, 201, 409, 409, 504, 504]
    assert sorted(json.loads(target.ask("GET /store")[2])) == [0, 2, 2, 4, 5, 99]
    assert [told["times"] for told in target.told("answer")] == [1, 0, 2, 0, 1, 1, 0]


def test_an_exception_within_an_outage_is_answered_well():
    flicker = Outage(kind="bare", from_s=1, for_s=1, but=((0.25, 0.5),))
    at_s = (0.99, 1.0, 1.24, 1.25, 1.49, 1.5, 1.99, 2.0)
    held = [flicker.holds(one) for one in at_s]
    assert held == [False, True, True, False, False, True, True, False]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ({"outages": outage("explode")}, "no such outage"),
        ({"outages": outage("refuse", but=[[0, 1]])}, "no 'but'"),
        ({"outages": outage("bare") * 2}, "before the last one ends"),
        ({"writes": {"forget": [1]}}, "no such deed: forget"),
    ],
)
def test_a_script_that_cannot_be_carried_out_is_refused(tmp_path, script, said):
    file = tmp_path / "script"
    file.write_text(json.dumps(script))
    with pytest.raises(ScriptError, match=said):
        load(file)
