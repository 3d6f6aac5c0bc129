"""One cached value and when it was computed."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A JSON value; ``computed_at_s`` is seconds since the epoch, as instances share it."""

    value: Any
    computed_at_s: float

    def age_s(self, now_s: float) -> float:
        """How old the value is; clocks of two instances may differ, so never below 0."""
        return max(0.0, now_s - self.computed_at_s)

    def dump(self) -> bytes:
        """Serialise for Redis."""
        return json.dumps([self.computed_at_s, self.value]).encode()

    @classmethod
    def load(cls, raw: bytes) -> "Entry":
        """Read what ``dump`` wrote."""
        computed_at_s, value = json.loads(raw)
        return cls(value=value, computed_at_s=computed_at_s)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a store had; ``degraded`` says why its promise was reduced, if it was."""

    entry: Entry | None
    degraded: str | None = None
