"""What a cached read gives back, and what it says about itself."""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor

from blackstart.targets.reference.cache.entry import Entry


class How(StrEnum):
    """How an answer came about."""

    HIT = "hit"
    MISS = "miss"
    STALE = "stale"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An entry, how it was got, its age, and the time it had left (negative when stale)."""

    entry: Entry
    how: How
    age_s: float
    ttl_s: float
    degraded: str | None = None

    def headers(self) -> dict[str, str]:
        """Describe the answer as RFC 9211 has it; a negative ttl is a stale answer."""
        headers = {"Cache-Status": f"reference; {self._status()}"}
        if self.how is How.STALE:
            headers["Age"] = str(floor(self.age_s))
        if self.degraded:
            headers["X-Degraded"] = self.degraded
        return headers

    def _status(self) -> str:
        if self.how is How.MISS:
            return "fwd=uri-miss; stored"
        if self.how is How.HIT:
            return f"hit; ttl={floor(self.ttl_s)}"
        return f"hit; ttl=-{max(1, ceil(-self.ttl_s))}; detail=stale-if-error"
