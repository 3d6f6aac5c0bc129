"""From an answer to its outcome: pure, so that every rule has a test.

Stale is an answer that says so as RFC 9211 has it: ``Cache-Status`` with a negative ``ttl`` (or
``fwd=stale``), and its ``Age``. A refusal is a *shed* only when it says when to come back.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from blackstart.measures.layout import Failure
from blackstart.model.outcome import Ending, Outcome

_STALE = re.compile(r"ttl=-\d|fwd=stale", re.IGNORECASE)
_AGE = re.compile(r"\d+(\.\d+)?", re.ASCII)
_SHEDS = (429, 503)


class Seen(NamedTuple):
    """What the client saw: outcome, why it was not good, age of a stale answer in seconds."""

    outcome: Outcome
    failure: Failure = Failure.NONE
    age_s: float = 0.0


def answer(status: int, headers: Mapping[str, str], good: tuple[int, ...]) -> Seen:
    """The outcome of an answer with ``status``; ``good`` are the statuses that were asked for."""
    if status in good:
        return _good(headers)
    if status in _SHEDS and "Retry-After" in headers:
        return Seen(Outcome.SHED)
    return Seen(Outcome.ERROR, _why(status))


def _good(headers: Mapping[str, str]) -> Seen:
    if _STALE.search(headers.get("Cache-Status", "")) and "Age" in headers:
        return Seen(Outcome.STALE, age_s=_seconds(headers["Age"]))
    return Seen(Outcome.DEGRADED if "X-Degraded" in headers else Outcome.OK)


def _seconds(text: str) -> float:
    """Whole seconds are the standard's; whoever tells more exactly is taken at their word."""
    return float(text) if _AGE.fullmatch(text.strip()) else 0.0


def _why(status: int) -> Failure:
    if status in (401, 403):
        return Failure.UNAUTHORIZED
    if status == 504:
        return Failure.IN_DOUBT
    return Failure.BARE if status >= 500 else Failure.REJECTED


def health(status: int, told: object, well: str) -> Seen:
    """The outcome of a health answer whose field says ``told``."""
    if status == 200 and told == well:
        return Seen(Outcome.OK)
    if told is not None and told != well:
        return Seen(Outcome.DEGRADED)
    return Seen(Outcome.ERROR, Failure.WRONG_ANSWER if status < 500 else Failure.BARE)


_REFUSED = (Failure.REJECTED, Failure.UNAUTHORIZED, Failure.NOT_CONNECTED)


def ending(seen: Seen) -> Ending:
    """How a write ended. Whatever is not a clear yes or no is unknown."""
    if seen.outcome in (Outcome.OK, Outcome.STALE, Outcome.DEGRADED):
        return Ending.ACKED
    if seen.outcome is Outcome.SHED or seen.failure in _REFUSED:
        return Ending.REFUSED
    return Ending.UNKNOWN
