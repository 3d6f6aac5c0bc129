"""Recovery times of known outages, their classification, and the age of stale answers."""

from dataclasses import dataclass

import numpy as np

from blackstart.measures import baseline, contracts, recovery
from blackstart.measures.checkers import contract as contract_checker
from blackstart.measures.history import OUTCOMES
from blackstart.measures.layout import Failure
from blackstart.measures.strikes import StrikeSpan, strikes
from blackstart.model.clock import NS_PER_S
from blackstart.model.findings import FindingCode
from blackstart.model.outcome import Outcome
from blackstart.model.scenario import Contract
from blackstart.runner.calibrate.recording import Recording, Told
from blackstart.runner.calibrate.rig import RATE
from blackstart.runner.calibrate.row import Row

INTERVAL_S = 1 / RATE
_PROMISE = Contract(allowed=(Outcome.OK,), cap_s=0.25)
_PROOF_S = 10 / RATE
_SEEN = {
    "good": (Outcome.OK, Failure.NONE),
    "slow": (Outcome.OK, Failure.NONE),
    "stale": (Outcome.STALE, Failure.NONE),
    "degraded": (Outcome.DEGRADED, Failure.NONE),
    "shed": (Outcome.SHED, Failure.NONE),
    "bare": (Outcome.ERROR, Failure.BARE),
    "reset": (Outcome.ERROR, Failure.CUT_OFF),
    "hang": (Outcome.TIMEOUT, Failure.NO_ANSWER),
}
_CODES = {
    "slow": FindingCode.TOO_SLOW,
    "stale": FindingCode.OUTCOME_NOT_ALLOWED,
    "degraded": FindingCode.OUTCOME_NOT_ALLOWED,
    "shed": FindingCode.OUTCOME_NOT_ALLOWED,
    "bare": FindingCode.BARE_500,
    "reset": FindingCode.CONNECTION_FAILED,
    "refuse": FindingCode.CONNECTION_FAILED,
    "hang": FindingCode.HUNG_REQUEST,
}
# Answers that had left when their connection was reset may not have been read yet.
_IN_FLIGHT_NS = 5_000_000


@dataclass(frozen=True, kw_only=True)
class Known:
    """One known outage: how long it was (``None``: too little came after it), and as measured."""

    kind: str
    down_s: float | None
    first_good: int | None
    measured_s: float | None
    resolution_s: float
    measured_first_good: int | None

    @property
    def error_s(self) -> float:
        """Measured less true; infinite when only one of them is a figure."""
        if self.down_s is None or self.measured_s is None:
            return 0.0 if self.down_s is self.measured_s else float("inf")
        return self.measured_s - self.down_s


def known(recording: Recording) -> list[Known]:
    """Every outage of a recording, with what the real arithmetic makes of it."""
    spans = strikes(recording.history)
    pairs = zip(recording.outages(), spans, strict=True)
    return [_known(recording, told, span) for told, span in pairs]


def _known(recording: Recording, told: Told, span: StrikeSpan) -> Known:
    normal = baseline.baselines(recording.history)["read"]
    found = recovery.recovery(recording.history, "read", _PROMISE, normal, span)
    proven = (span.until_ns - told["to_ns"]) / NS_PER_S >= _PROOF_S
    return Known(
        kind=told["kind"],
        down_s=(told["to_ns"] - told["from_ns"]) / NS_PER_S if proven else None,
        first_good=_first_good(recording, told) if proven else None,
        measured_s=None if found is None else found.recovery_s,
        resolution_s=0.0 if found is None else found.resolution_s,
        measured_first_good=_number(recording, found.good_from_ns if found else None),
    )


def _first_good(recording: Recording, told: Told) -> int:
    """The number of the first request that the target served when the outage was over."""
    later = recording.answers("read").items()
    return min(seq for seq, answer in later if answer["arrived_ns"] >= told["to_ns"])


def _number(recording: Recording, due_ns: int | None) -> int | None:
    """The number of the request that was due at ``due_ns``; -1 if none was."""
    if due_ns is None:
        return None
    probes = recording.history.of("read")
    return int(next(iter(probes["seq"][probes["scheduled_ns"] == due_ns]), -1))


def rows(outages: list[Known]) -> list[Row]:
    """The pass lines of all outages together."""
    errors = np.array([one.error_s for one in outages])
    near = np.abs(errors) <= INTERVAL_S
    exact = sum(one.first_good == one.measured_first_good for one in outages)
    covered = sum(abs(one.error_s) <= one.resolution_s + 1e-9 for one in outages)
    worst_ms, mean_ms = float(np.abs(errors).max()) * 1e3, float(errors.mean()) * 1e3
    enough = 0.99 * len(outages)
    return [
        _share("recovery within one probe interval (10 ms)", int(near.sum()), len(outages), enough),
        _share("the first good answer is the very request", exact, len(outages), enough),
        _share("the error bar covers the truth", covered, len(outages), enough),
        Row("recovery, worst error", "≤ 10 ms", f"{worst_ms:.1f} ms", near.mean() >= 0.99),
        Row("recovery, mean error", "0 … 10 ms", f"{mean_ms:+.1f} ms", 0 <= mean_ms <= 10),
    ]


def _share(name: str, right: int, of: int, enough: float) -> Row:
    return Row(name, f"{of} outages", f"{right} of {of}", right >= enough)


def classified(recordings: list[Recording]) -> list[Row]:
    """Every request that reached the target, judged by what the target did with it."""
    pairs = [pair for recording in recordings for pair in _pairs(recording)]
    right = sum(expected == seen for expected, seen in pairs)
    row = Row(
        "answers of the kind that was given",
        f"{len(pairs)} answers",
        f"{right} of {len(pairs)}",
        right == len(pairs),
    )
    return [row, *_found(recordings)]


def _pairs(recording: Recording) -> list[tuple[object, object]]:
    probes = recording.history.of("read")
    seen = {int(one["seq"]): (OUTCOMES[one["outcome"]], Failure(one["failure"])) for one in probes}
    cuts = [told["from_ns"] for told in recording.outages() if told["kind"] == "refuse"]
    return [
        (_SEEN[told["did"]], seen[seq])
        for seq, told in recording.answers("read").items()
        if not any(0 <= cut - told["arrived_ns"] < _IN_FLIGHT_NS for cut in cuts)
    ]


def _found(recordings: list[Recording]) -> list[Row]:
    """The findings that follow: each kind of broken promise by its own code, and no other."""
    expected = {_CODES[told["kind"]] for one in recordings for told in one.outages()}
    found = {
        finding.code
        for one in recordings
        for finding in contract_checker.check(one.history, "read", _PROMISE, strikes(one.history))
    }
    same = expected == found
    others = "the same" if same else ", ".join(sorted(found))
    return [Row("broken promises by name", f"{len(expected)} codes", others, same)]


def ages(recordings: list[Recording]) -> list[Row]:
    """What a stale answer holds is as old as its outage: what was written last before it."""
    errors = [error for one in recordings for error in _age_errors(one)]
    if not errors:
        return []
    worst_ms = max(abs(error) for error in errors) * 1e3
    name = "staleness within one write interval (10 ms)"
    measured = f"{len(errors)} answers, worst {worst_ms:.1f} ms"
    near = float(np.mean(np.abs(errors) <= INTERVAL_S))
    return [Row(name, "≤ 10 ms", measured, near >= 0.99), _too_old(recordings)]


def _age_errors(recording: Recording) -> list[float]:
    stale = [told for told in recording.outages() if told["kind"] == "stale"]
    probes = recording.history.of("read")
    old = np.compress(probes["outcome"] == OUTCOMES.index(Outcome.STALE), probes)
    begun = np.array([told["from_ns"] for told in stale], dtype=np.int64)
    if not len(old):
        return []
    since = begun[np.searchsorted(begun, old["ended_ns"], side="right") - 1]
    return list(old["age_s"] - (old["ended_ns"] - since) / NS_PER_S)


def _too_old(recordings: list[Recording]) -> Row:
    promise = Contract(allowed=(Outcome.OK, Outcome.STALE), max_stale_s=0.1)
    told = [answer for one in recordings for answer in one.answers("read").values()]
    # The header says milliseconds: what is nearer than that to the limit could be either.
    true = sum(round(float(answer.get("age_s", 0)), 3) > 0.1 for answer in told)
    seen = sum(int(contracts.too_old(one.history.of("read"), promise).sum()) for one in recordings)
    return Row("answers older than 0.1 s", f"{true}", f"{seen}", true == seen)
