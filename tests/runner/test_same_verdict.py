"""The same drill, again and again: the same verdict, whatever else the machine does."""

import json

import pytest

from .running import DRILL, ended

TIMES = 10
# 80 a second for six and a half seconds, and as long as it takes to get warm.
PROBES = range(450, 700)


@pytest.mark.slow
def test_a_drill_repeated_ten_times_says_the_same_ten_times(tmp_path):
    said = [once(tmp_path / f"{number}.json") for number in range(TIMES)]
    assert [drill["verdict"] for drill in said] == ["held"] * TIMES
    assert [(drill["findings"], drill["reasons"]) for drill in said] == [([], [])] * TIMES
    assert [drill["lost_writes"] for drill in said] == [0] * TIMES
    assert [drill["probes"] for drill in said if drill["probes"] not in PROBES] == []


def once(written):
    """The drill's record of one run."""
    how = ended(*DRILL, "--json", written)
    assert how.code == 0, how.err + how.out
    (drill,) = json.loads(written.read_text())["drills"]
    return drill
