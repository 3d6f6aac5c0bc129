"""The prober against a real server of known behaviour, as a process of its own."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from blackstart.measures.history import OUTCOMES, PROBE, latency_s, lateness_s
from blackstart.measures.layout import PROBE_STRUCT, Failure
from blackstart.measures.prober import Prober, ProberError
from blackstart.measures.probes.plan import ProbePlan
from blackstart.model.configuration import RoleConfig
from blackstart.model.outcome import Outcome
from blackstart.warden.client import Warden
from blackstart.warden.launcher import module_environment


class Known(BaseHTTPRequestHandler):
    """Answers as the path says: /status/503, /sleep/0.2, /cut, /echo."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, bytes]]

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        type(self).seen.append((self.command, self.path, body))
        kind, _, value = self.path.strip("/").partition("/")
        if kind == "cut":
            self.close_connection = True
            return
        if kind == "sleep":
            time.sleep(float(value))
        self.send_response(int(value) if kind == "status" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_PUT = do_GET

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def base() -> Iterator[str]:
    Known.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Known)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def prober() -> Iterator[Prober]:
    with Warden() as warden:
        prober = Prober(warden, env=module_environment())
        prober.open()
        yield prober
        prober.close()


def until(condition, limit_s: float = 10.0) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.01)


def plan(base: str, **roles: RoleConfig) -> ProbePlan:
    return ProbePlan(seed=7, bases=(base,), roles=roles)


def test_the_record_is_laid_out_as_its_reader_has_it():
    assert PROBE.itemsize == PROBE_STRUCT.size == 48


def test_requests_leave_on_schedule_whatever_the_target_does(base, prober):
    prober.begin(plan(base, slow=RoleConfig(request="GET /sleep/0.4")))
    prober.set_rates({"slow": 50})
    until(lambda: len(prober.probes()) >= 50)
    tried = prober.stop()["slow"]
    probes = prober.probes()
    assert len(probes) == tried
    assert list(probes["seq"]) == list(range(tried))
    gaps = np.diff(probes["scheduled_ns"]) / 1e9
    assert gaps == pytest.approx(0.02, abs=1e-6)
    assert latency_s(probes).min() >= 0.4
    assert np.percentile(lateness_s(probes), 50) < 0.02


@pytest.mark.parametrize(
    ("path", "limit_s", "outcome", "failure"),
    [
        ("/status/200", 1.0, Outcome.OK, Failure.NONE),
        ("/status/500", 1.0, Outcome.ERROR, Failure.BARE),
        ("/sleep/2", 0.1, Outcome.TIMEOUT, Failure.NO_ANSWER),
        ("/cut", 1.0, Outcome.ERROR, Failure.CUT_OFF),
    ],
)
def test_every_way_to_end_is_told_apart(base, prober, path, limit_s, outcome, failure):
    prober.begin(plan(base, read=RoleConfig(request=f"GET {path}", limit_s=limit_s)))
    prober.burst("read", 5)
    prober.stop()
    probes = prober.probes()
    assert [OUTCOMES[o] for o in probes["outcome"]] == [outcome] * 5
    assert set(probes["failure"]) == {failure}


def test_a_closed_port_is_not_connected(prober):
    prober.begin(plan("http://127.0.0.1:1", read=RoleConfig(request="GET /")))
    prober.burst("read", 3)
    prober.stop()
    assert set(prober.probes()["failure"]) == {Failure.NOT_CONNECTED}


def test_a_request_is_sent_once_even_if_its_kept_connection_was_closed(base, prober):
    """The client library would repeat an idempotent request by itself; a probe is one request."""
    prober.begin(plan(base, warm=RoleConfig(request="GET /x"), cut=RoleConfig(request="GET /cut")))
    prober.burst("warm", 1)
    until(lambda: len(prober.probes()) == 1)
    prober.burst("cut", 1)
    prober.stop()
    assert [path for _, path, _ in Known.seen].count("/cut") == 1


def test_writes_carry_their_number_and_are_acknowledged(base, prober):
    role = RoleConfig(request="POST /echo", json={"n": "{seq}"}, writes=True)
    prober.begin(plan(base, write=role))
    prober.burst("write", 4)
    assert prober.stop()["write"] == 4
    sent = sorted(json.loads(body)["n"] for _, _, body in Known.seen)
    assert sent == [0, 1, 2, 3]
    assert set(prober.probes()["ending"]) == {1}


def test_rates_can_change_and_stop(base, prober):
    prober.begin(plan(base, read=RoleConfig(request="GET /")))
    prober.set_rates({"read": 100})
    until(lambda: len(prober.probes()) >= 10)
    prober.set_rates({"read": 0})
    prober.burst("read", 1)
    assert prober.stop()["read"] == len(prober.probes())


def test_a_burst_is_due_at_one_instant(base, prober):
    prober.begin(plan(base, read=RoleConfig(request="GET /")))
    prober.burst("read", 20)
    prober.stop()
    assert len(set(prober.probes()["scheduled_ns"])) == 1


def test_the_first_failure_of_a_kind_is_told_in_words(base, prober):
    prober.begin(plan(base, read=RoleConfig(request="GET /status/500")))
    prober.burst("read", 3)
    prober.stop()
    assert [mark.text for mark in prober.marks()] == ["first read bare: 500 {}"]


def test_a_sign_in_that_fails_says_what_was_answered(base, prober):
    session = {
        "sign_in": "POST /status/403",
        "sign_in_json": {"name": "{name}"},
        "refresh": "POST /x",
        "refresh_json": {},
        "check": "GET /x",
    }
    whole = {"seed": 7, "bases": [base], "roles": {}, "session": session}
    with pytest.raises(ProberError, match="could not sign in: 403"):
        prober.begin(ProbePlan.model_validate(whole))


def test_it_ends_when_its_owner_leaves(base, prober):
    prober.begin(plan(base, read=RoleConfig(request="GET /")))
    process = prober._process
    prober._hang_up()
    assert process.wait(5).code == 0
