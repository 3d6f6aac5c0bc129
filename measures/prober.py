"""The owner's side of the prober: starts it, tells it what to send, reads what it saw."""

import contextlib
import json
import socket
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.history import PROBE, Mark, MarkKind, Probes, ordered
from blackstart.measures.probes.plan import ProbePlan
from blackstart.model.errors import BlackstartError
from blackstart.warden.client import Warden
from blackstart.warden.process import Process

_READY_LIMIT_S = 10.0
_EVENTS = {
    "note": MarkKind.NOTE,
    "logout": MarkKind.LOGOUT,
    "token": MarkKind.TOKEN,
}


class ProberError(BlackstartError):
    """The prober did not do what it was told: a defect of the harness or of the configuration."""


class Prober:
    """A prober process of one drill. Commands are answered in order; events become marks."""

    def __init__(self, warden: Warden, *, env: Mapping[str, str]) -> None:
        """Nothing runs until ``open``."""
        self._warden, self._env = warden, dict(env)
        self._answers: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._marks: list[Mark] = []
        self._home: Path
        self._process: Process
        self._socket: socket.socket
        self._plan: ProbePlan

    def open(self) -> None:
        """Start the process; it gets ready while others do. ``begin`` waits for it."""
        self._home = self._warden.directory("prober")
        control, records = self._home / "control", self._home / "probes"
        self._process = self._warden.spawn(
            [sys.executable, "-m", "blackstart.measures.probes", str(control), str(records)],
            name="prober",
            env=self._env,
            cwd=self._home,
            log=self._home / "log",
        )

    def begin(self, plan: ProbePlan) -> None:
        """Sign users in and be ready to send. Raises ``ProberError`` with what was answered."""
        self._plan = plan
        self._connect()
        threading.Thread(target=self._listen, name="prober events", daemon=True).start()
        self._ask("begin", limit_s=30, plan=plan.model_dump(mode="json", by_alias=True))

    def role_names(self) -> tuple[str, ...]:
        """Every role in the order of its index in the records."""
        return self._plan.role_names()

    def set_rates(self, rates: Mapping[str, float]) -> None:
        """Requests per second by role, from now on."""
        self._ask("rates", rates=dict(rates))

    def burst(self, role: str, requests: int) -> None:
        """Let requests of one role leave together."""
        self._ask("burst", role=role, requests=requests)

    def replay(self) -> list[dict[str, object]]:
        """Present the oldest and the newest key's token to every instance."""
        answer = self._ask("replay", limit_s=30)
        return list(answer["replayed"])

    def stop(self) -> dict[str, int]:
        """Send no more, wait for what flies; returns how many requests of each role were sent."""
        limit_s = 5 + max((role.limit_s for role in self._plan.roles.values()), default=0)
        return dict(self._ask("stop", limit_s=limit_s)["tried"])

    def read_back(self, role: str, seqs: list[int]) -> dict[str, NDArray[np.int64]]:
        """Writes read back through the target, by what came back."""
        answer = self._ask("read_back", limit_s=60, role=role, seqs=seqs)
        kinds = ("found", "missing", "corrupt", "unreadable")
        return {kind: np.array(answer[kind], dtype=np.int64) for kind in kinds}

    def probes(self) -> Probes:
        """What was written so far, by schedule; at most 50 ms behind unless stopped."""
        path = self._home / "probes"
        if not path.exists():
            return np.empty(0, dtype=PROBE)
        whole = path.stat().st_size // PROBE.itemsize
        return ordered(np.fromfile(path, dtype=PROBE, count=whole))

    def marks(self) -> list[Mark]:
        """Events that the prober told of so far."""
        return list(self._marks)

    def signal(self, number: int) -> None:
        """Send its process a signal: how the prober's own lateness is rehearsed."""
        self._process.signal(number)

    def close(self) -> None:
        """End the process. Safe to call twice, and before it was opened."""
        if hasattr(self, "_socket"):
            self._hang_up()
        if hasattr(self, "_process") and self._process.alive():
            self._process.kill()

    def _hang_up(self) -> None:
        """The listening thread holds the socket too: only a shutdown reaches the other side."""
        with contextlib.suppress(OSError):  # the prober may have left first
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _connect(self) -> None:
        path = str(self._home / "control")
        deadline = time.monotonic() + _READY_LIMIT_S
        while True:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self._socket.connect(path)
            except OSError as error:
                self._socket.close()
                if time.monotonic() > deadline or not self._process.alive():
                    raise self._broken("did not come up") from error
                time.sleep(0.01)
            else:
                return

    def _listen(self) -> None:
        with self._socket.makefile("rb") as lines:
            for line in lines:
                self._sort_in(json.loads(line))

    def _sort_in(self, told: dict[str, Any]) -> None:
        event = told.pop("event", None)
        if event is None:
            self._answers.put(told)
            return
        at_ns = int(told.pop("at_ns"))
        text = str(told.pop("text", event))
        self._marks.append(Mark(at_ns=at_ns, kind=_EVENTS[event], text=text, data=told))

    def _ask(self, do: str, *, limit_s: float = 10.0, **details: object) -> dict[str, Any]:
        self._socket.sendall(json.dumps({"do": do, **details}).encode() + b"\n")
        try:
            answer = self._answers.get(timeout=limit_s)
        except Empty as error:
            raise self._broken(f"no answer to {do!r} in {limit_s:g} s") from error
        if "error" in answer:
            raise ProberError(f"prober: {answer['error']}", fix="see [traffic] and [session]")
        return answer

    def _broken(self, what: str) -> ProberError:
        log = self._home / "log"
        tail = log.read_text(errors="replace")[-800:] if log.exists() else ""
        return ProberError(f"prober: {what}", exists=tail)
