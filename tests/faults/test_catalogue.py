"""No fault is left out, and what is not there is named."""

import pytest

from blackstart.faults.catalogue import FAULTS, make
from blackstart.faults.conformance import check_described, check_refuses
from blackstart.faults.latency import Latency
from blackstart.model.errors import CapabilityError, UsageError
from blackstart.model.faults import Condition, Damage

from .cases import DAMAGES, ON_LINKS, ON_POOLS, title
from .conftest import Stage

ALL: tuple[Condition | Damage, ...] = (*ON_LINKS, *ON_POOLS, *DAMAGES)
ONE_OF_EACH = {fault.fault: fault for fault in ALL}.values()


def test_every_fault_of_the_catalogue_is_tried() -> None:
    assert {fault.fault for fault in ALL} == set(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_described(name: str) -> None:
    check_described(FAULTS[name])


@pytest.mark.parametrize("fault", ONE_OF_EACH, ids=title)
def test_a_fault_refuses_a_member_that_cannot(fault: Condition | Damage) -> None:
    check_refuses(fault)


@pytest.mark.parametrize(
    ("name", "member", "settings", "said"),
    [
        ("cut", "target", {}, r"target is not Proxied\nProxied: postgres, redis, s3\nfix: "),
        ("locks-held", "redis", {"connections": 1}, r"redis is not Sql\nSql: postgres\n"),
        ("rotate-key", "postgres", {"active_in_s": 0, "late_by_s": 0},
         r"postgres is not Rotatable\nRotatable: target\n"),
    ],
)  # fmt: skip
def test_who_could_instead_is_named(
    stage: Stage, name: str, member: str, settings: dict[str, object], said: str
) -> None:
    fault = make(name, member, settings)
    act = fault.begin if isinstance(fault, Condition) else fault.strike
    with pytest.raises(CapabilityError, match=said):
        act(stage.members)


def test_a_fault_is_made_by_name() -> None:
    made = make("latency", "redis", {"delay_ms": 5})
    assert made == Latency(member="redis", delay_ms=5)


def test_an_unknown_fault_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no fault 'latncy'\nnearest: latency; known: cut, "):
        make("latncy", "redis", {})


def test_an_unknown_setting_is_answered_with_the_known() -> None:
    with pytest.raises(UsageError, match=r"no delay\nsettings: delay_ms, jitter_ms$"):
        make("latency", "redis", {"delay": 5})


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(UsageError, match=r"the fault latency needs delay_ms"):
        make("latency", "redis", {})
