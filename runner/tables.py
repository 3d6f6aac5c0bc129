"""``python -m blackstart.runner.tables docs``: the reference tables, generated from the code."""

import inspect
import sys
from collections.abc import Iterable
from pathlib import Path

from blackstart.faults.catalogue import FAULTS
from blackstart.model.findings import FindingCode
from blackstart.model.scenario import Scenario, Variant
from blackstart.scenarios.loading import catalogue

_MADE = "<!-- made by `make tables`; a test fails when it is out of date -->\n"


def tables() -> dict[str, str]:
    """Every generated page: file name and text."""
    return {"FINDINGS.md": findings(), "FAULTS.md": faults(), "SCENARIOS.md": scenarios()}


def findings() -> str:
    """Every finding code with its meaning."""
    rows = ((f"`{code}`", code.meaning) for code in FindingCode)
    return _page("Findings", "What a drill can find broken.", ("code", "meaning"), rows)


def faults() -> str:
    """Every fault with what it does, what it needs and how it ends."""
    rows = (
        (f"`{name}`", "damage" if hasattr(kind, "mended_by") else "condition", *_told(kind))
        for name, kind in sorted(FAULTS.items())
    )
    heading = ("fault", "kind", "what it does", "needs, and how it ends")
    intro = "What can be struck. A condition can be lifted; damage is mended by recovery only."
    return _page("Faults", intro, heading, rows)


def scenarios() -> str:
    """Every scenario with its variants and proofs."""
    heading = ("scenario", "priority", "cadences", "variant", "without this guardrail", "finds")
    rows = (row for s in catalogue().values() for v in s.variants for row in _rows(s, v))
    intro = "What is drilled. `blackstart explain SCENARIO` says it in full."
    return _page("Scenarios", intro, heading, rows)


def _rows(scenario: Scenario, variant: Variant) -> Iterable[tuple[str, ...]]:
    fixed = (f"`{scenario.id}`", scenario.priority, ", ".join(scenario.cadences))
    named = f"`{variant.name}`: {variant.title}"
    if not variant.proofs:
        yield (*fixed, named, "–", "–")
    for proof in variant.proofs:
        yield (*fixed, named, f"`{proof.guardrail}`", f"`{proof.finding}`")


def _told(kind: type) -> tuple[str, str]:
    """The first line of a fault's docstring, and the paragraph that begins with "Needs"."""
    text = inspect.getdoc(kind) or ""
    first, _, rest = text.partition("\n\n")
    needs = rest[rest.index("Needs:") :] if "Needs:" in rest else ""
    return _cell(first), _cell(needs)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("``", "`")


def _page(title: str, intro: str, heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heading, tuple("---" for _ in heading), *rows]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"{_MADE}\n# {title}\n\n{intro}\n\n{table}\n"


def main() -> None:
    """Write the pages into the folder named."""
    for name, text in tables().items():
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
