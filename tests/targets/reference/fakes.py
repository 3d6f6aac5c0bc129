"""Stand-ins that do as they are told."""

from dataclasses import dataclass, field


@dataclass
class FakeClock:
    """A clock that moves when told."""

    now_s: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s

    def advance(self, by_s: float) -> None:
        self.now_s += by_s


@dataclass
class Calls:
    """A coroutine function that fails with ``errors`` in turn, then gives ``value``."""

    value: object = "done"
    errors: list[Exception] = field(default_factory=list)
    count: int = 0

    async def __call__(self) -> object:
        self.count += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.value
