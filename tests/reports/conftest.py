"""Made-up drills for the report tests."""

from types import ModuleType

import pytest

from . import histories


@pytest.fixture(scope="session")
def drills() -> ModuleType:
    """The builders of made-up drills."""
    return histories
