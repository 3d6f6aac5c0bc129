"""Runs the drills and proofs that one command asks for, and sums them up."""

import statistics
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from blackstart.model.result import DrillResult, ProofResult, RunResult
from blackstart.model.verdict import ProofVerdict, Verdict, worst
from blackstart.runner.execution import Drilled, rehearse
from blackstart.runner.plan import DrillPlan
from blackstart.runner.progress import Progress
from blackstart.runner.proving import prove

_LATE = "the prober itself was late"


@dataclass
class Session:
    """What one command has run so far."""

    plans: list[DrillPlan]
    progress: Progress
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    drilled: list[Drilled] = field(default_factory=list)
    proofs: list[ProofResult] = field(default_factory=list)

    def drill(self) -> None:
        """Run every drill, in order."""
        for number, plan in enumerate(self.plans, start=1):
            done = _once_more_if_late(plan, self.progress)
            self.drilled.append(done)
            self.progress.done(f"[{number}/{len(self.plans)}] {said(done.result)}")

    def prove(self) -> None:
        """Run the proofs of every drill that held; the others can't be proven now."""
        held = {d.plan.id for d in self.drilled if d.result.verdict is Verdict.HELD}
        planned = [(plan, proof) for plan in self.plans for proof in plan.variant.proofs]
        for number, (plan, proof) in enumerate(planned, start=1):
            if plan.id not in held:
                continue
            result, _ = prove(plan, proof, self.progress)
            self.proofs.append(result)
            found = ", ".join(result.found) or "nothing"
            self.progress.done(
                f"[{number}/{len(planned)}] {plan.id} without {proof.guardrail}: "
                f"{result.verdict} (expected {proof.finding}, found {found})"
            )

    def result(self, stack: str = "processes") -> RunResult:
        """Everything that was concluded."""
        first = self.plans[0]
        return RunResult(
            verdict=worst(d.result.verdict for d in self.drilled),
            seed=first.seed,
            started_at=self.started_at,
            tool_version=version("blackstart"),
            target=first.configuration.target.name,
            target_commit=commit_of(first.loaded.folder),
            config_sha256=first.loaded.sha256,
            stack=stack,
            stack_s=_median(self.drilled, lambda d: d.stack_s),
            target_s=_median(self.drilled, lambda d: d.target_s),
            teardown_s=_median(self.drilled, lambda d: d.teardown_s),
            drills=tuple(d.result for d in self.drilled),
            proofs=tuple(self.proofs),
        )


def exit_code(result: RunResult) -> int:
    """0 all held · 1 something breached or unproven · 2 nothing worse than inconclusive."""
    proofs = {proof.verdict for proof in result.proofs}
    if result.verdict is Verdict.BREACHED or ProofVerdict.UNPROVEN in proofs:
        return 1
    inconclusive = result.verdict is Verdict.INCONCLUSIVE or ProofVerdict.INCONCLUSIVE in proofs
    return 2 if inconclusive else 0


def said(result: DrillResult) -> str:
    """One line on one drill."""
    why = [*(f"{f.code}: {f.detail}" for f in result.findings), *result.reasons]
    return f"{result.id}: {result.verdict}{' · ' + why[0] if why else ''}"


def commit_of(folder: Path) -> str | None:
    """The commit of the repository that ``folder`` lies in, if it lies in one."""
    try:
        asked = subprocess.run(
            ["git", "-C", str(folder), "rev-parse", "--short=12", "HEAD"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except OSError:
        return None  # no git here
    return asked.stdout.strip() or None


def _once_more_if_late(plan: DrillPlan, progress: Progress) -> Drilled:
    """The harness's own lag is no verdict: once more. A breach is never retried away."""
    first = rehearse(plan, progress)
    late = any(reason.startswith(_LATE) for reason in first.result.reasons)
    if first.result.verdict is not Verdict.INCONCLUSIVE or not late:
        return first
    progress.done(f"{plan.id}: {first.result.reasons[0]}; once more")
    return rehearse(plan, progress)


def _median(drilled: Iterable[Drilled], of: Callable[[Drilled], float]) -> float:
    """Over the drills that had a stage; 0 if none had."""
    times = [of(d) for d in drilled if d.stack_s]
    return round(statistics.median(times), 3) if times else 0.0
