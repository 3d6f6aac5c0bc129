"""What the reports are made of: one frozen bundle for each drill, one for the run."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from blackstart.measures.history import History, Mark
from blackstart.model.result import DrillResult, RunResult
from blackstart.model.scenario import Scenario, Variant
from blackstart.reports.redact import redact, redact_tree, redacted


@dataclass(frozen=True, kw_only=True)
class DrillMaterial:
    """Everything that a report may say about one drill; its texts are redacted on the way in.

    ``settings`` are the test timings that the drill used, ``strays`` the tolerance for stray bad
    answers as a phrase. ``wall_offset_ns`` added to a monotonic instant gives nanoseconds since
    1970: only for stamps, never for durations.
    """

    result: DrillResult
    scenario: Scenario
    variant: Variant
    history: History | None
    settings: Mapping[str, str] = field(default_factory=dict)
    strays: str = ""
    seed: int
    target: str
    target_commit: str | None = None
    stack: str = "processes"
    wall_offset_ns: int = 0
    owner: str = ""

    def __post_init__(self) -> None:
        """Redact once, here, so that no report can forget to."""
        settings = redact_tree(dict(self.settings))
        object.__setattr__(self, "result", redacted(self.result))
        object.__setattr__(self, "settings", settings)
        object.__setattr__(self, "strays", redact(self.strays))
        if self.history is not None:
            marks = tuple(_redacted_mark(mark) for mark in self.history.marks)
            object.__setattr__(self, "history", replace(self.history, marks=marks))

    @property
    def id(self) -> str:
        """``scenario[variant]``."""
        return self.result.id

    def wall_ms(self, at_ns: int) -> int:
        """A monotonic instant as milliseconds since 1970."""
        return (at_ns + self.wall_offset_ns) // 1_000_000


@dataclass(frozen=True, kw_only=True)
class RunMaterial:
    """The run's result and the material of each of its drills, in the same order."""

    result: RunResult
    drills: tuple[DrillMaterial, ...] = ()

    def __post_init__(self) -> None:
        """Redact once, here."""
        object.__setattr__(self, "result", redacted(self.result))


def _redacted_mark(mark: Mark) -> Mark:
    data = redact_tree(mark.data)
    assert isinstance(data, dict)  # noqa: S101 - a mapping stays a mapping
    return replace(mark, text=redact(mark.text), data=data)
