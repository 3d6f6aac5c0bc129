"""The scripted target and the real prober, each a process of its own, for one recording."""

import http.client
import json
import signal
import sys
import time
from pathlib import Path

from blackstart.measures.history import History, Mark, MarkKind
from blackstart.measures.prober import Prober
from blackstart.measures.probes.plan import ProbePlan
from blackstart.model.clock import NS_PER_S
from blackstart.model.configuration import RoleConfig
from blackstart.runner.calibrate.recording import Recording, Told
from blackstart.stacks import ports
from blackstart.stacks.waits import until_serving
from blackstart.warden.client import Warden
from blackstart.warden.launcher import module_environment
from blackstart.warden.process import Process

RATE = 100.0
LIMIT_S = 1.0
_ROLES = {
    "read": RoleConfig(request="GET /read/{seq}", limit_s=LIMIT_S),
    "write": RoleConfig(request="POST /write/{seq}", writes=True, limit_s=LIMIT_S),
}


class Rig:
    """One target, one prober. ``with Rig(warden, script) as rig: rig.record(...)``."""

    def __init__(self, warden: Warden, script: Told) -> None:
        """Nothing runs until entered."""
        self._warden, self._script = warden, script
        self._port = ports.free()
        self._prober = Prober(warden, env=module_environment())

    def __enter__(self) -> "Rig":
        """Start both, and wait until requests could be sent."""
        self._home = self._warden.directory("calibration")
        self._prober.open()
        self._target = self._start()
        until_serving(lambda: ports.taken(self._port), self._target, limit_s=10)
        base = f"http://127.0.0.1:{self._port}"
        self._prober.begin(ProbePlan(seed=1, bases=(base,), roles=_ROLES))
        return self

    def __exit__(self, *_: object) -> None:
        """End both."""
        self._prober.close()
        self._target.kill()

    def record(self, role: str, for_s: float, *, stopped_s: float = 0.0) -> Recording:
        """Send ``role`` while the script runs, for ``for_s``; the prober itself may be stopped."""
        self._prober.set_rates({role: RATE})
        steady_ns = time.monotonic_ns()
        begun_ns = int(json.loads(self._ask("POST", "/begin"))["begun_ns"])
        self._stop_prober(stopped_s)
        time.sleep(max(0.0, begun_ns / NS_PER_S + for_s - time.monotonic()))
        tried = self._prober.stop()
        store = json.loads(self._ask("GET", "/store"))
        truth = self._truth()
        marks = [Mark(at_ns=steady_ns, kind=MarkKind.STEADY, text="steady"), *_marks(truth)]
        history = History(
            roles=self._prober.role_names(), probes=self._prober.probes(), marks=tuple(marks)
        )
        return Recording(
            history=history, truth=truth, store=tuple(store), tried=tried, script=self._script
        )

    def _start(self) -> Process:
        script = self._home / "script.json"
        script.write_text(json.dumps(self._script), encoding="utf-8")
        module = [sys.executable, "-m", "blackstart.targets.calibration"]
        files = ["--script", str(script), "--truth", str(self._truth_file)]
        return self._warden.spawn(
            [*module, "--port", str(self._port), *files],
            name="calibration target",
            env=module_environment(),
            log=self._home / "log",
        )

    @property
    def _truth_file(self) -> Path:
        return self._home / "truth.jsonl"

    def _truth(self) -> tuple[Told, ...]:
        self._ask("GET", "/truth")
        lines = self._truth_file.read_text(encoding="utf-8").splitlines()
        return tuple(json.loads(line) for line in lines)

    def _stop_prober(self, stopped_s: float) -> None:
        if stopped_s:
            time.sleep(0.3)  # some answers in time first
            self._prober.signal(signal.SIGSTOP)
            time.sleep(stopped_s)
            self._prober.signal(signal.SIGCONT)

    def _ask(self, method: str, path: str) -> bytes:
        client = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            client.request(method, path)
            return client.getresponse().read()
        finally:
            client.close()


def _marks(truth: tuple[Told, ...]) -> list[Mark]:
    marks = [mark for line in truth if line["told"] == "outage" for mark in _of_outage(line)]
    return sorted(marks, key=lambda mark: mark.at_ns)


def _of_outage(told: Told) -> list[Mark]:
    """Called and completed are one instant here: the target itself says when it struck."""
    data = {"strike": told["number"], "group": told["number"]}
    kinds = (MarkKind.STRIKE_CALLED, MarkKind.STRIKE_COMPLETED, MarkKind.LIFTED)
    instants = (told["from_ns"], told["from_ns"], told["to_ns"])
    return [
        Mark(at_ns=int(at_ns), kind=kind, text=told["kind"], data=data)
        for at_ns, kind in zip(instants, kinds, strict=True)
    ]
