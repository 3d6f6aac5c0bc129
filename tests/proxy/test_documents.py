"""The document says what the code does."""

import re
from pathlib import Path

from blackstart.proxy import reference

DOCUMENT = Path(__file__).parents[2] / "docs" / "PROXY.md"


def test_the_table_of_toxics_is_what_the_code_says() -> None:
    found = re.search(
        r"<!-- toxics: .*? -->\n(.*?)<!-- end of toxics -->", DOCUMENT.read_text(), re.DOTALL
    )
    assert found is not None
    assert found.group(1) == reference.table(), (
        "docs/PROXY.md is out of date: run python -m blackstart.proxy.reference"
    )


def test_every_kind_of_event_is_explained() -> None:
    source = "".join(path.read_text() for path in Path(reference.__file__).parent.rglob("*.py"))
    used = set(re.findall(r'events\.(?:fault|traffic)\(\s*"(\w+)"', source))
    text = DOCUMENT.read_text()
    assert len(used) > 12
    assert {kind for kind in used if f"`{kind}`" not in text} == set()
