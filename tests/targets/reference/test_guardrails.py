"""The table in docs/GUARDRAILS.md, the names and the files are the same list."""

import re
from pathlib import Path

import pytest

from blackstart.targets.reference import guardrails
from blackstart.targets.reference.guardrails.catalogue import Guardrail

HERE = Path(guardrails.__file__).parent
TABLE = Path(__file__).parents[3] / "docs" / "GUARDRAILS.md"


def test_every_guardrail_has_its_row_and_every_row_its_guardrail() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| `([a-z_]+\.py)` \|", TABLE.read_text(), re.MULTILINE)
    assert dict(rows) == {str(name): f"{name.replace('-', '_')}.py" for name in Guardrail}


@pytest.mark.parametrize("name", list(Guardrail))
def test_its_file_says_what_it_guards_what_is_seen_and_what_is_not_when_off(
    name: Guardrail,
) -> None:
    text = (HERE / f"{name.replace('-', '_')}.py").read_text()
    docstring = text.split('"""')[1]
    assert docstring.startswith(f"Guardrail ``{name}``")
    for word in ("Guards:", "Seen by:", "Off:"):
        assert word in docstring


def test_every_file_is_a_guardrail() -> None:
    files = {path.stem for path in HERE.glob("*.py")} - {"__init__", "catalogue"}
    assert files == {name.replace("-", "_") for name in Guardrail}
