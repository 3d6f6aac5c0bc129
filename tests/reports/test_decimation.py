"""Fewer dots in a crowd: what must stay stays."""

import numpy as np

from blackstart.reports.drawing.decimation import worth_drawing

RNG = np.random.default_rng(3)
X = np.sort(RNG.uniform(100, 1100, 50_000))
Y = RNG.uniform(0, 190, 50_000)


def pixels(kept=slice(None)):
    return set(zip(np.rint(X[kept]).tolist(), np.rint(Y[kept]).tolist(), strict=True))


def test_every_pixel_that_a_failure_falls_on_keeps_one():
    kept = worth_drawing(X, Y, failed=True, dots_max=100)
    assert len(kept) < len(X)
    assert pixels(kept) == pixels()


def test_of_other_answers_the_slowest_and_quickest_of_each_column_stay():
    kept = worth_drawing(X, Y, failed=False, dots_max=1000)
    assert len(kept) <= 1000 + 2 * 1001
    for column in (100, 512, 1100):
        here = np.rint(X) == column
        assert {Y[here].min(), Y[here].max()} <= set(Y[kept].tolist())


def test_few_enough_are_all_kept_in_order():
    assert worth_drawing(X[:50], Y[:50], failed=False, dots_max=50).tolist() == list(range(50))
