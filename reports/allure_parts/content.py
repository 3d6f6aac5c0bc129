"""What one drill says in Allure, whichever way it gets there."""

import hashlib
from dataclasses import dataclass

from blackstart.model.verdict import Verdict

SVG = ("image/svg+xml", "svg")
CSV = ("text/csv", "csv")
JSON = ("application/json", "json")
ZIP = ("application/zip", "zip")
HTML = ("text/html", "html")

STATUS = {
    Verdict.HELD: "passed",
    Verdict.BREACHED: "failed",
    Verdict.INCONCLUSIVE: "broken",
}


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A named file: its bytes, media type and extension."""

    name: str
    body: bytes
    kind: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A stretch of the drill with its measured times (ms since 1970), or a bare fact."""

    name: str
    start_ms: int
    stop_ms: int
    status: str = "passed"
    message: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    steps: tuple["Step", ...] = ()
    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Content:
    """Everything of one drill. Parameters never count for its history: seeds may differ."""

    title: str
    full_name: str
    history_id: str
    status: str
    message: str
    details: str
    labels: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str], ...]
    description_html: str
    steps: tuple[Step, ...]
    attached: tuple[Attached, ...]
    metrics: tuple[dict[str, object], ...]
    start_ms: int | None
    stop_ms: int | None
    waived: bool = False


def history_id(target: str, drill_id: str) -> str:
    """Stable however often tests are moved or renamed: history hangs on target and drill."""
    return hashlib.sha256(f"{target}:{drill_id}".encode()).hexdigest()[:32]
