"""The drill as Allure steps: when each part began and ended was measured, not timed by a test."""

from collections.abc import Iterator
from dataclasses import dataclass

from blackstart.measures.history import History, MarkKind
from blackstart.model.findings import FindingCode
from blackstart.model.result import DrillResult
from blackstart.reports.allure_parts.content import SVG, Attached, Step
from blackstart.reports.drawing.plan import plan_line
from blackstart.reports.figures import loss_text, measured_text, objective_text, recovery_text
from blackstart.reports.material import DrillMaterial
from blackstart.reports.moments import Moments, moments_of
from blackstart.reports.standing import Standing, rpo_standing, rto_standing

DATA = frozenset(
    {
        FindingCode.ACKED_WRITE_LOST,
        FindingCode.RPO_EXCEEDED,
        FindingCode.WRITE_DUPLICATED,
        FindingCode.PHANTOM_WRITE,
        FindingCode.WRITE_CORRUPTED,
    }
)
AFTERWARDS = frozenset({FindingCode.NOT_NORMAL, FindingCode.CONNECTIONS_LEAKED})
_STANDING = {Standing.MET: "passed", Standing.MISSED: "failed", Standing.NOT_MEASURED: "broken"}


def steps_of(material: DrillMaterial, picture: str) -> tuple[Step, ...]:
    """The parts of the drill in order, then its timeline, shown in line."""
    drawn = Attached(name="Timeline", body=picture.encode(), kind=SVG)
    if material.history is None:
        return (Step(name="Timeline", start_ms=0, stop_ms=0, attached=(drawn,)),)
    moments = moments_of(material.history, material.result, material.scenario, material.variant)
    parts = _Parts(material=material, history=material.history, moments=moments)
    end_ms = material.wall_ms(moments.end_ns)
    timeline = Step(name="Timeline", start_ms=end_ms, stop_ms=end_ms, attached=(drawn,))
    return (*parts.all(), timeline)


@dataclass(frozen=True, kw_only=True)
class _Parts:
    material: DrillMaterial
    history: History
    moments: Moments

    @property
    def result(self) -> DrillResult:
        return self.material.result

    def all(self) -> Iterator[Step]:
        """As far as the drill got."""
        struck_ns = self.moments.struck_ns
        steady_to_ns = self.moments.end_ns if struck_ns is None else struck_ns
        yield self._step("Steady state seen", self.moments.start_ns, steady_to_ns)
        if struck_ns is not None:
            yield self._strike(struck_ns)
            yield self._outage(struck_ns)
            yield self._data()
            yield self._steady_again()

    def _strike(self, struck_ns: int) -> Step:
        """Broken without a witness: then nobody knows whether the fault bit."""
        done_ns = self.moments.struck_done_ns or struck_ns
        seen = tuple(self._step(f"witness: {w}", done_ns, done_ns) for w in self.result.witness)
        name = f"Strike: {plan_line(self.material.variant).split(' → ')[0]}"
        status = "passed" if seen else "broken"
        return self._step(name, struck_ns, done_ns, status=status, steps=seen)

    def _outage(self, struck_ns: int) -> Step:
        """From the strike until answers were good for good; runbook steps inside."""
        to_ns = self.moments.back_ns or self.moments.end_ns
        found = self._found(frozenset(FindingCode) - DATA - AFTERWARDS)
        standing = rto_standing(self.result)
        return self._step(
            "Outage and recovery",
            struck_ns,
            to_ns,
            status="failed" if found else _STANDING[standing],
            message=found or ("not measured" if standing is Standing.NOT_MEASURED else ""),
            figures=(
                ("recovery", recovery_text(self.result)),
                ("RTO", objective_text(self.result.rto_s)),
            ),
            steps=tuple(self._runbook()),
        )

    def _runbook(self) -> Iterator[Step]:
        """Each runbook step from its call to its completion, and each lifting."""
        done = list(self.history.all(MarkKind.RECOVERED))
        for called in self.history.all(MarkKind.RECOVERY_CALLED):
            end = next((m for m in done if m.at_ns >= called.at_ns), None)
            if end is not None:
                done.remove(end)
            end_ns = end.at_ns if end else self.moments.end_ns
            status = "passed" if end else "broken"
            yield self._step(called.text or "recovery", called.at_ns, end_ns, status=status)
        for lifted in self.history.all(MarkKind.LIFTED):
            yield self._step(lifted.text or "lifted", lifted.at_ns, lifted.at_ns)

    def _data(self) -> Step:
        """Acknowledged writes against what was found afterwards; skipped where none were sent."""
        end_ns, result, found = self.moments.end_ns, self.result, self._found(DATA)
        asked = bool(result.acked or result.lost_writes is not None)
        status = _STANDING[rpo_standing(result)] if asked else "skipped"
        figures = (("lost", loss_text(result)), ("RPO", objective_text(result.rpo_s)))
        return self._step(
            "Data judged",
            end_ns,
            end_ns,
            status="failed" if found else status,
            message=found,
            figures=figures if asked else (),
        )

    def _steady_again(self) -> Step:
        """Good answers went on to the end, and became normal ones."""
        from_ns, found = self.moments.back_ns or self.moments.end_ns, self._found(AFTERWARDS)
        status = "failed" if found else "passed" if self.moments.back_ns else "broken"
        figures = (("normal after", measured_text(self.result.normal_s)),)
        return self._step(
            "Steady again",
            from_ns,
            self.moments.end_ns,
            status=status,
            message=found,
            figures=figures,
        )

    def _found(self, codes: frozenset[FindingCode]) -> str:
        return "\n".join(
            f"{f.code.value}: {f.detail}" for f in self.result.findings if f.code in codes
        )

    def _step(  # noqa: PLR0913 - what a step is made of
        self,
        name: str,
        from_ns: int,
        to_ns: int,
        *,
        status: str = "passed",
        message: str = "",
        figures: tuple[tuple[str, str], ...] = (),
        steps: tuple[Step, ...] = (),
    ) -> Step:
        start_ms, stop_ms = self.material.wall_ms(from_ns), self.material.wall_ms(to_ns)
        return Step(
            name=name,
            start_ms=start_ms,
            stop_ms=max(start_ms, stop_ms),
            status=status,
            message=message,
            figures=figures,
            steps=steps,
        )
