"""What one run against the scripted target left: what was seen, and what was true."""

from dataclasses import dataclass
from typing import Any

from blackstart.measures.history import History

Told = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Recording:
    """The prober's history; the target's own truth, line by line; the numbers that it stored."""

    history: History
    truth: tuple[Told, ...]
    store: tuple[int, ...]
    tried: dict[str, int]
    script: Told

    def outages(self) -> list[Told]:
        """The outages in order, each with the instants at which it began and was over."""
        told = [line for line in self.truth if line["told"] == "outage"]
        return sorted(told, key=lambda line: int(line["number"]))

    def answers(self, of: str) -> dict[int, Told]:
        """What the target did with each request of one kind that reached it, by its number."""
        told = (line for line in self.truth if line["told"] == "answer" and line["of"] == of)
        return {int(line["seq"]): line for line in told}
