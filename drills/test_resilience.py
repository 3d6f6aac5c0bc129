"""The resilience matrix, row by row: each test is a row, drilled in all its variants.

pytest drills --drill-target reference --alluredir allure-results
"""

import pytest

from blackstart.runner.fixture import Drill


@pytest.mark.scenario("db-pool-exhausted")
def test_a_used_up_pool_serves_stale_reads_and_sheds_writes(drill: Drill) -> None:
    """Readers get the last good answer, marked stale; writers hear at once when to come back."""
    drill.rehearse()


@pytest.mark.scenario("auth-key-rotated")
def test_a_rotated_key_signs_nobody_out_and_then_dies(drill: Drill) -> None:
    """Old tokens hold through the grace and not a moment longer; new ones carry the new key."""
    drill.rehearse()


@pytest.mark.scenario("redis-unavailable")
def test_readers_outlive_the_cache(drill: Drill) -> None:
    """Slower, not wrong, and no stampede when it comes back cold."""
    drill.rehearse()


@pytest.mark.scenario("uploads-restart")
def test_uploads_outlive_the_instance_and_its_disk(drill: Drill) -> None:
    """Every file that a user was told is saved comes back, byte for byte."""
    drill.rehearse()
