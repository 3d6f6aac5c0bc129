"""Carries the script out and tells the truth of it.

``POST /begin`` starts the script's time. ``GET /read/N`` and ``POST /write/N`` are traffic, which
the client numbers; ``GET /store`` lists the stored numbers, ``GET /truth`` brings the file up to
date. A write that an outage keeps from a good answer is not stored.
"""

import asyncio
import json
import time
from collections.abc import Callable
from functools import partial

from blackstart.targets.calibration import wire
from blackstart.targets.calibration.connection import Connection
from blackstart.targets.calibration.listener import Listener
from blackstart.targets.calibration.script import Outage, Script
from blackstart.targets.calibration.store import Store
from blackstart.targets.calibration.truth import Truth

_NS_PER_S = 1_000_000_000
_STALE = "calibration; hit; ttl=-1"
Deed = Callable[[int, Outage], None]


class Service:
    """Serves until its loop ends."""

    def __init__(self, port: int, script: Script, truth: Truth) -> None:
        self._script, self._truth = script, truth
        self._store = Store(script)
        self._listener = Listener(port, self._serve)
        self._begun_ns: int | None = None

    def start(self) -> None:
        """Serve from now on; nothing goes wrong before ``POST /begin``."""
        self._listener.listen()

    def _serve(self, connection: Connection, request: wire.Request, arrived_ns: int) -> None:
        of, _, number = request.path.strip("/").partition("/")
        if of in ("read", "write"):
            self._traffic(connection, of, int(number), arrived_ns)
        else:
            connection.send(self._ask(of))

    def _ask(self, what: str) -> bytes:
        if what == "begin":
            return self._begin()
        if what == "store":
            return wire.answer(200, json.dumps(self._store.rows).encode())
        self._truth.flush()
        return wire.answer(200 if what == "truth" else 404)

    def _begin(self) -> bytes:
        self._begun_ns = time.monotonic_ns()
        self._truth.tell("begun", at_ns=self._begun_ns)
        for number, outage in enumerate(self._script.outages):
            if outage.kind == "refuse":
                self._at(outage.from_s, self._refuse, number, outage)
            else:
                self._at(outage.to_s, self._over, number, outage)
        return wire.answer(200, json.dumps({"begun_ns": self._begun_ns}).encode())

    def _at(self, at_s: float, do: Deed, number: int, outage: Outage) -> None:
        loop = asyncio.get_running_loop()
        loop.call_at(self._instant_ns(at_s) / _NS_PER_S, do, number, outage)

    def _instant_ns(self, at_s: float) -> int:
        return (self._begun_ns or 0) + round(at_s * _NS_PER_S)

    def _refuse(self, number: int, outage: Outage) -> None:
        from_ns = time.monotonic_ns()
        self._listener.refuse()
        self._at(outage.to_s, lambda *_: self._accept(number, from_ns), number, outage)

    def _accept(self, number: int, from_ns: int) -> None:
        self._listener.listen()
        self._tell_outage(number, "refuse", from_ns, time.monotonic_ns())

    def _over(self, number: int, outage: Outage) -> None:
        """These hold by the instant of arrival: their truth is the script's, to the nanosecond."""
        from_ns, to_ns = self._instant_ns(outage.from_s), self._instant_ns(outage.to_s)
        self._tell_outage(number, outage.kind, from_ns, to_ns)

    def _tell_outage(self, number: int, kind: str, from_ns: int, to_ns: int) -> None:
        self._truth.tell("outage", number=number, kind=kind, from_ns=from_ns, to_ns=to_ns)
        self._truth.flush()

    def _met(self, arrived_ns: int) -> Outage | None:
        """The outage that a request met when it arrived."""
        if self._begun_ns is None:
            return None
        at_s = (arrived_ns - self._begun_ns) / _NS_PER_S
        met = (outage for outage in self._script.outages if outage.holds(at_s))
        return next((outage for outage in met if outage.kind != "refuse"), None)

    def _traffic(self, connection: Connection, of: str, seq: int, arrived_ns: int) -> None:
        outage = self._met(arrived_ns)
        told = {"of": of, "seq": seq, "arrived_ns": arrived_ns}
        if outage is not None and outage.kind in ("hang", "reset"):
            self._unanswered(connection, outage, told)
        elif outage is not None and outage.kind in ("bare", "shed"):
            self._answered(connection, _refusal(outage), told, did=outage.kind)
        else:
            self._effective(connection, outage, told)

    def _unanswered(self, connection: Connection, outage: Outage, told: dict[str, object]) -> None:
        if outage.kind == "reset":
            connection.reset()
        self._truth.tell("answer", **told, did=outage.kind, answered_ns=None)

    def _answered(
        self, connection: Connection, answer: bytes, told: dict[str, object], **how: object
    ) -> None:
        self._truth.tell("answer", **told, **how, answered_ns=connection.send(answer))

    def _effective(
        self, connection: Connection, outage: Outage | None, told: dict[str, object]
    ) -> None:
        """Whatever is answered takes effect, and does so at once."""
        how: dict[str, object] = {"did": outage.kind if outage else "good"}
        answer = self._well(outage, how)
        if told["of"] == "write":
            written = self._store.write(int(str(told["seq"])))
            how, answer = {"did": written.did, "times": written.times}, written.answer
        delay_s = outage.delay_s if outage is not None and outage.kind == "slow" else 0.0
        later = partial(self._answered, connection, answer, told, **how)
        if delay_s:
            asyncio.get_running_loop().call_later(delay_s, later)
        else:
            later()

    def _well(self, outage: Outage | None, how: dict[str, object]) -> bytes:
        if outage is None or outage.kind == "slow":
            return wire.answer(200)
        if outage.kind == "degraded":
            return wire.answer(200, X_Degraded="1")
        age_s = (time.monotonic_ns() - self._instant_ns(outage.from_s)) / _NS_PER_S
        how["age_s"] = age_s
        return wire.answer(200, Age=f"{age_s:.3f}", Cache_Status=_STALE)


def _refusal(outage: Outage) -> bytes:
    if outage.kind == "bare":
        return wire.answer(500)
    return wire.answer(503, Retry_After=str(outage.retry_after_s))
