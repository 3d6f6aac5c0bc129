"""Labels on flags never meet each other, nor the pole of another."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackstart.reports.drawing.placement import Flag, placed

FLAGS = st.lists(st.builds(Flag, x=st.floats(0, 1000), width=st.floats(5, 230)), max_size=10)


@given(FLAGS)
def test_boxes_in_one_row_never_overlap(flags):
    places = placed(flags, left=0, right=1000)
    for row in {place.row for place in places}:
        boxes = sorted((p.left, p.right) for p in places if p.row == row)
        assert all(one[1] < other[0] for one, other in pairwise(boxes))


@given(FLAGS)
def test_no_pole_runs_through_a_label(flags):
    places = placed(flags, left=0, right=1000)
    for pole, place in zip(flags, places, strict=True):
        passed = [other for other in places if other.row <= place.row and other is not place]
        assert not [o for o in passed if o.left < pole.x < o.right]


@given(FLAGS)
def test_every_label_stays_within_bounds(flags):
    for place in placed(flags, left=-250, right=1250):
        assert place.left >= -250 and place.right <= 1250


def test_near_the_right_edge_a_label_turns_to_the_left():
    (place,) = placed([Flag(x=990, width=100)], left=0, right=1000)
    assert place.ends_at_pole and place.right < 990


def test_two_close_flags_need_only_one_row():
    first, second = placed([Flag(x=500, width=80), Flag(x=510, width=80)], left=0, right=1000)
    assert (first.row, second.row) == (0, 0)
    assert first.ends_at_pole and not second.ends_at_pole


def test_the_order_given_is_kept():
    places = placed([Flag(x=900, width=50), Flag(x=100, width=50)], left=0, right=1000)
    assert places[0].left == pytest.approx(904)
