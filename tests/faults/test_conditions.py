"""Every condition keeps what the kit asks for."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from blackstart.faults.conformance import check_condition, check_killed_holder
from blackstart.model.capabilities import Pingable
from blackstart.model.faults import Condition

from .cases import ON_LINKS, ON_POOLS, title
from .conftest import Stage

HOLDER = Path(__file__).parent / "holder.py"
on_links = pytest.mark.parametrize("condition", ON_LINKS, ids=title)
on_pools = pytest.mark.parametrize("condition", ON_POOLS, ids=title)


def holder(stage: Stage, condition: Condition) -> list[str]:
    settings = json.dumps(asdict(condition))  # type: ignore[call-overload]
    return [sys.executable, str(HOLDER), stage.stack.lend(), condition.fault, settings]


def clients_served(stage: Stage, condition: Condition) -> Callable[[], bool]:
    """Whether the member answers the way that clients take."""
    member = stage.members.able(condition.member, Pingable)  # type: ignore[attr-defined]
    return lambda: member.ping_s(direct=False, limit_s=0.15) is not None


@on_links
def test_a_condition_of_a_link_bites_and_lifts(stage: Stage, condition: Condition) -> None:
    check_condition(condition, stage.members, works=clients_served(stage, condition))


@on_links
def test_a_condition_of_a_link_ends_with_its_holder(stage: Stage, condition: Condition) -> None:
    check_killed_holder(
        condition,
        stage.members,
        holder=holder(stage, condition),
        works=clients_served(stage, condition),
        limit_s=3.0,
    )


@on_pools
@pytest.mark.usefixtures("traffic")
def test_a_condition_of_a_pool_bites_and_lifts(stage: Stage, condition: Condition) -> None:
    check_condition(condition, stage.members, works=stage.user.writes)


@on_pools
@pytest.mark.usefixtures("traffic")
def test_a_condition_of_a_pool_ends_with_its_holder(stage: Stage, condition: Condition) -> None:
    check_killed_holder(
        condition,
        stage.members,
        holder=holder(stage, condition),
        works=stage.user.writes,
        limit_s=6.0,
    )


@pytest.mark.parametrize("condition", ON_POOLS, ids=title)
def test_without_traffic_no_pool_is_used_up(stage: Stage, condition: Condition) -> None:
    lift = condition.begin(stage.members)
    try:
        assert not condition.witness(stage.members).bit
    finally:
        lift()


def test_two_cuts_of_one_member_are_lifted_one_by_one(stage: Stage) -> None:
    cut = ON_LINKS[0]
    served = clients_served(stage, cut)
    lifts = [cut.begin(stage.members) for _ in range(2)]
    lifts[0]()
    assert cut.witness(stage.members).bit
    lifts[1]()
    assert served()
