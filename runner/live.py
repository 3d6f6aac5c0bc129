"""A drill while it runs: what is done to the stage, each deed stamped into the history."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from blackstart.measures.history import History, Mark, MarkKind, outcome_is
from blackstart.measures.judge import normals_of
from blackstart.measures.strikes import fault_end_ns, strikes
from blackstart.model.clock import NS_PER_S, seconds
from blackstart.model.errors import InconclusiveError
from blackstart.model.faults import Condition, Damage, Witness
from blackstart.model.outcome import Outcome
from blackstart.recovery.start import Start
from blackstart.runner.stage import Stage

_WARM_LIMIT_S = 15.0
_WARM_ANSWERS = 10
_SEE_OUT_S = 0.5  # beyond what is allowed, so that normal in the last moment can be seen to stay


class Live:
    """One running drill. Its methods are the words of a scenario's steps."""

    def __init__(self, stage: Stage) -> None:
        """Nothing is sent until ``warm_up``."""
        self.stage = stage
        self.witnesses: list[Witness] = []
        self.inherent_s = 0.0
        self._marks: list[Mark] = []
        self._held = ExitStack()
        self._group = self._strikes = 0
        self._watch_from_ns = 0

    def warm_up(self) -> None:
        """Send until each role's last ten answers were good: a cold target is not its normal.

        Raises ``InconclusiveError`` when that steady state is not seen in 15 s.
        """
        self.stage.prober.set_rates(self.stage.rates)
        deadline_ns = self._now() + int(_WARM_LIMIT_S * NS_PER_S)
        while cold := self._cold_roles():
            if self._now() > deadline_ns:
                raise InconclusiveError(f"no steady state: {', '.join(cold)} did not get warm")
            self.stage.clock.sleep(0.05)
        self._watch_from_ns = self._now()

    def steady(self, *, for_s: float) -> None:
        """Watch the target in its normal state."""
        self._mark(MarkKind.STEADY, f"steady for {for_s:g} s")
        self._watch(for_s)

    def hold(self, *, for_s: float) -> None:
        """Go on watching while the fault lasts."""
        self._watch(for_s)

    def strike(self, *damages: Damage) -> None:
        """Do damage; returns when it is done and witnessed."""
        for damage in damages:
            called_ns = self._called(damage.fault)
            witness = damage.strike(self.stage.members)
            self._completed(damage.fault)
            self._watch_from_ns = self._now()
            # What the target needs to come back by itself is its own time, not the harness's.
            self.inherent_s += seconds(called_ns, self._now())
            self._witnessed(witness)

    def begin(self, condition: Condition) -> None:
        """Bring a condition about, and see that it bites; ``lift`` ends it."""
        self._called(condition.fault)
        lift = condition.begin(self.stage.members)
        self._held.callback(self._lift_one, condition.fault, lift)
        self._completed(condition.fault)
        self._watch_from_ns = self._now()
        self._witnessed(condition.witness(self.stage.members))

    @contextmanager
    def during(self, *conditions: Condition) -> Iterator[None]:
        """Hold conditions for the length of a block."""
        for condition in conditions:
            self.begin(condition)
        try:
            yield
        finally:
            self.lift()

    def lift(self) -> None:
        """Lift every condition that is held, the last one first."""
        self._held.close()

    def recover(self, step: Start) -> None:
        """Carry out a runbook step; its time is the target's, not the harness's."""
        self._mark(MarkKind.RECOVERY_CALLED, step.step)
        called_ns = self._now()
        done = step.carry_out(self.stage.members)
        self._mark(MarkKind.RECOVERED, done)
        self._watch_from_ns = self._now()
        self.inherent_s += seconds(called_ns, self._now())

    def load(self, rates: dict[str, float]) -> None:
        """Change the requests per second of roles."""
        self.stage.prober.set_rates(rates)
        self._mark(MarkKind.LOAD, ", ".join(f"{role} {rate:g}/s" for role, rate in rates.items()))

    def burst(self, role: str, *, requests: int) -> None:
        """Let requests of one role leave at the same instant."""
        self._mark(MarkKind.BURST, f"{requests} × {role}", role=role, requests=requests)
        self.stage.prober.burst(role, requests)

    def replay(self, *, grace: str) -> None:
        """Present the first key's token, and the newest's, to every instance."""
        for one in self.stage.prober.replay():
            which = "oldest" if one["oldest"] else "newest"
            text = f"token of the {which} key: status {one['status']}"
            self._mark(MarkKind.REPLAYED, text, grace=grace, **one)

    def see_out(self) -> None:
        """Watch on until answers are normal, as long as the scenario allows that to take.

        A drill that ended sooner could not say that they never were.
        """
        history, rates = self.history(), self.stage.plan.scenario.rates
        spans = strikes(history)
        if not spans:
            return
        allowed_s = self.stage.plan.scenario.objectives.normal_s + _SEE_OUT_S
        until_ns = fault_end_ns(history, spans[-1]) + int(allowed_s * NS_PER_S)
        began_ns = self._now()
        while self._now() < until_ns and None in normals_of(self.history(), (*rates,)).values():
            self.stage.clock.sleep(0.1)
            self.inherent_s += 0.1
        self._note_longer(began_ns)

    def _note_longer(self, began_ns: int) -> None:
        longer_s = seconds(began_ns, self._now())
        if longer_s >= 0.1:
            self._mark(MarkKind.NOTE, f"watched {longer_s:.1f} s longer for normal answers")

    def end(self) -> dict[str, int]:
        """Lift what is held, stop traffic and watches; how many requests of each role were sent."""
        self.lift()
        self._mark(MarkKind.END, "end")
        tried = self.stage.prober.stop()
        self.stage.stop_watching()
        return tried

    def history(self) -> History:
        """What was seen, warm-up included."""
        marks = sorted([*self._marks, *self.stage.marks()], key=lambda mark: mark.at_ns)
        return History(
            roles=self._roles(),
            probes=self.stage.prober.probes(),
            marks=tuple(marks),
            samples=dict(self.stage.samples()),
        )

    def _roles(self) -> tuple[str, ...]:
        return self.stage.prober.role_names()

    def _cold_roles(self) -> list[str]:
        history = History(roles=self._roles(), probes=self.stage.prober.probes())
        return [role for role in self.stage.plan.scenario.rates if not _warm(history, role)]

    def _watch(self, for_s: float) -> None:
        """Watch until ``for_s`` after the last deed: what the harness did meanwhile counts in."""
        until_ns = self._watch_from_ns + int(for_s * NS_PER_S)
        self.stage.clock.sleep(seconds(self._now(), until_ns))
        self._watch_from_ns = until_ns
        self.inherent_s += for_s
        self._group += 1

    def _called(self, fault: str) -> int:
        self._strikes += 1
        return self._mark(MarkKind.STRIKE_CALLED, fault, strike=self._strikes, group=self._group)

    def _completed(self, fault: str) -> None:
        self._mark(MarkKind.STRIKE_COMPLETED, fault, strike=self._strikes, group=self._group)

    def _lift_one(self, fault: str, lift: Callable[[], None]) -> None:
        lift()
        self._mark(MarkKind.LIFTED, fault)
        self._watch_from_ns = self._now()

    def _witnessed(self, witness: Witness) -> None:
        self.witnesses.append(witness)
        self._mark(MarkKind.WITNESS, witness.text, bit=witness.bit)

    def _mark(self, kind: MarkKind, text: str, **data: object) -> int:
        mark = Mark(at_ns=self._now(), kind=kind, text=text, data=data)
        self._marks.append(mark)
        return mark.at_ns

    def _now(self) -> int:
        return self.stage.clock.now_ns()


def _warm(history: History, role: str) -> bool:
    last = history.of(role)[-_WARM_ANSWERS:]
    return len(last) >= _WARM_ANSWERS and bool(outcome_is(last, (Outcome.OK,)).all())
