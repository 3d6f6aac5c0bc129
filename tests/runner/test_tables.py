from pathlib import Path

import pytest

from blackstart.faults.catalogue import FAULTS
from blackstart.runner.tables import tables

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(tables()))
def test_a_generated_page_is_up_to_date(name):
    assert (DOCS / name).read_text() == tables()[name], "run: make tables"


def test_every_fault_says_what_it_needs_and_how_it_ends():
    rows = [line for line in tables()["FAULTS.md"].splitlines() if line.startswith("| `")]
    assert len(rows) == len(FAULTS)
    assert all("Needs:" in row and ("Lifted:" in row or "Mended by:" in row) for row in rows)
