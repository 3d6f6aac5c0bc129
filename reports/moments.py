"""The instants that a report speaks of, read from a drill's marks and its result."""

from dataclasses import dataclass

from blackstart.measures.baseline import baselines
from blackstart.measures.history import History, MarkKind
from blackstart.measures.recovery import recovery
from blackstart.measures.strikes import StrikeSpan, mended_ns, strikes
from blackstart.model.clock import NS_PER_S
from blackstart.model.result import DrillResult
from blackstart.model.scenario import Scenario, Variant


@dataclass(frozen=True, kw_only=True)
class Band:
    """A stretch of a drill under a fault; ``lifted``: it could be, and was."""

    from_ns: int
    to_ns: int
    lifted: bool = False


@dataclass(frozen=True, kw_only=True)
class Moments:
    """When it was struck, when it was good again, when it was normal; ``None``: it never was.

    ``back_ns`` and ``normal_ns`` are the checkers' figures laid on the drill's clock, so that the
    picture can never tell another story than the verdict. Of several strikes, ``struck_ns`` is
    the one whose recovery the result speaks of: the worst.
    """

    start_ns: int
    end_ns: int
    struck_ns: int | None = None
    struck_done_ns: int | None = None
    back_ns: int | None = None
    normal_ns: int | None = None
    faults: tuple[Band, ...] = ()


def moments_of(
    history: History, result: DrillResult, scenario: Scenario, variant: Variant
) -> Moments:
    """Read them; a drill that never got to its strike has only its start and end."""
    start_ns, end_ns, spans = history.start_ns, history.end_ns, _spans(history)
    if not spans:
        called = history.first(MarkKind.STRIKE_CALLED)
        struck_ns = called.at_ns if called else None
        return Moments(start_ns=start_ns, end_ns=end_ns, struck_ns=struck_ns)
    worst = _worst(history, result, scenario, variant, spans)
    back_ns = _after(worst.called_ns, result.recovery_s)
    faults = tuple(_band(history, span, back_ns or end_ns) for span in spans)
    return Moments(
        start_ns=start_ns,
        end_ns=end_ns,
        struck_ns=worst.called_ns,
        struck_done_ns=spans[-1].completed_ns,
        back_ns=back_ns,
        normal_ns=_after(faults[-1].to_ns, result.normal_s),
        faults=faults,
    )


def _spans(history: History) -> tuple[StrikeSpan, ...]:
    """The strikes that were completed; one that was only called is no span."""
    return strikes(history) if history.first(MarkKind.STRIKE_COMPLETED) else ()


def _after(from_ns: int, duration_s: float | None) -> int | None:
    return None if duration_s is None else from_ns + int(duration_s * NS_PER_S)


def _band(history: History, span: StrikeSpan, good_ns: int) -> Band:
    """To its lifting; damage lasts until its runbook is done, or until good answers are back."""
    ended_ns = mended_ns(history, span)
    lifted = any(span.called_ns <= m.at_ns < span.until_ns for m in history.all(MarkKind.LIFTED))
    to_ns = min(good_ns, span.until_ns) if ended_ns is None else ended_ns
    return Band(from_ns=span.called_ns, to_ns=max(to_ns, span.completed_ns), lifted=lifted)


def _worst(
    history: History,
    result: DrillResult,
    scenario: Scenario,
    variant: Variant,
    spans: tuple[StrikeSpan, ...],
) -> StrikeSpan:
    """Which strike the result's ``recovery_s`` belongs to; without a match, the first."""
    normal = baselines(history) if len(spans) > 1 else {}
    for span in spans:
        for role, baseline in normal.items():
            if role in scenario.contract:
                contract = scenario.contract_of(variant, role)
                seen = recovery(history, role, contract, baseline, span)
                if seen is not None and seen.recovery_s == result.recovery_s:
                    return span
    return spans[0]
