"""The kit itself: each promise that a fault can break is found broken, on members of no stack."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

import pytest

from blackstart.faults.conformance import (
    NonconformingError,
    check_condition,
    check_damage,
    check_described,
    check_killed_holder,
    check_refuses,
)
from blackstart.model.capabilities import Exit, Killable, Members, Startable, Stoppable
from blackstart.model.faults import Witness


@dataclass
class Lamp:
    """A member that is on, unless somebody holds it off or killed it."""

    name: str = "lamp"
    off: set[int] = field(default_factory=set)
    dead: bool = False

    def shines(self) -> bool:
        return not self.off and not self.dead

    def kill(self) -> Exit:
        self.dead = True
        return Exit(pid=1, code=-9, at_ns=0)

    def alive(self) -> bool:
        return not self.dead

    def start(self) -> None:
        self.dead = False

    def stop(self) -> Exit | None:
        return self.kill()


def lamp(members: Members) -> Lamp:
    found = members["lamp"]
    assert isinstance(found, Lamp)
    return found


@dataclass(frozen=True, kw_only=True)
class Dark:
    """Hold the lamp off.

    Needs: ``Killable``. Lifted: it shines.
    """

    fault: ClassVar[str] = "dark"
    member: str = "lamp"

    def begin(self, members: Members) -> Callable[[], None]:
        members.able(self.member, Killable)
        off, mine = lamp(members).off, object()
        off.add(id(mine))
        kept = [mine]  # its id is ours as long as it is there
        return lambda: off.discard(id(kept[0]))

    def witness(self, members: Members) -> Witness:
        return Witness(bit=bool(lamp(members).off), text="looked")


class Blind(Dark):
    def witness(self, members: Members) -> Witness:  # noqa: ARG002 (same shape)
        return Witness(bit=False, text="looked")


class Yes(Dark):
    def witness(self, members: Members) -> Witness:  # noqa: ARG002 (same shape)
        return Witness(bit=True, text="looked")


class Mute(Dark):
    def witness(self, members: Members) -> Witness:
        return Witness(bit=super().witness(members).bit, text="")


class Sticky(Dark):
    def begin(self, members: Members) -> Callable[[], None]:
        super().begin(members)
        return lambda: None


class LiftsAll(Dark):
    def begin(self, members: Members) -> Callable[[], None]:
        super().begin(members)
        return lamp(members).off.clear


class LiftsOnce(Dark):
    def begin(self, members: Members) -> Callable[[], None]:
        lifts = [super().begin(members)]

        def lift() -> None:
            lifts.pop()()

        return lift


class Harmless(Dark):
    def begin(self, members: Members) -> Callable[[], None]:  # noqa: ARG002 (same shape)
        return lambda: None


def check(condition: Dark, one: Lamp | None = None) -> None:
    one = one or Lamp()
    check_condition(condition, Members({"lamp": one}), works=one.shines, limit_s=0.05)


def test_a_sound_condition_passes() -> None:
    check(Dark())
    check_described(Dark)
    check_refuses(Dark())


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Blind(), r"^dark: its witness says no while it is held: looked$"),
        (Harmless(), r"says no while it is held"),
        (Yes(), r"says yes before it is held"),
        (Mute(), r"its witness says nothing"),
        (Sticky(), r"lifted, and in 0.05 s no client is served"),
        (LiftsAll(), r"says no while it is held anew and the old one lifted"),
    ],
)
def test_a_broken_condition_is_told_what_it_broke(condition: Dark, said: str) -> None:
    with pytest.raises(NonconformingError, match=said):
        check(condition)


def test_a_second_lift_must_do_no_harm() -> None:
    with pytest.raises(IndexError):
        check(LiftsOnce())


def test_on_a_member_that_does_not_work_nothing_can_be_seen() -> None:
    with pytest.raises(NonconformingError, match="doesn't work before it"):
        check(Dark(), Lamp(dead=True))


@pytest.mark.parametrize("says", ["held", "oops"])
def test_a_condition_that_outlives_its_holder_is_found(says: str) -> None:
    one = Lamp(off={1} if says == "held" else set())
    holder = [sys.executable, "-c", f"import sys; print('{says}', flush=True); sys.stdin.read()"]
    said = "its holder was killed, and in" if says == "held" else "its holder said 'oops'"
    members = Members({"lamp": one})
    with pytest.raises(NonconformingError, match=said):
        check_killed_holder(Dark(), members, holder=holder, works=one.shines, limit_s=0.05)


@dataclass(frozen=True, kw_only=True)
class Break:
    """Kill the lamp.

    Needs: ``Stoppable``, ``Startable``. Mended by: starting it.
    """

    fault: ClassVar[str] = "break"
    mended_by: ClassVar[str] = "starting it"
    member: str = "lamp"

    def strike(self, members: Members) -> Witness:
        stoppable = members.able(self.member, Stoppable)
        members.able(self.member, Startable)
        stoppable.stop()
        return Witness(bit=True, text="stopped")


class BreakUnwitnessed(Break):
    def strike(self, members: Members) -> Witness:
        return Witness(bit=not super().strike(members).bit, text="stopped")


class BreakNothing(Break):
    def strike(self, members: Members) -> Witness:  # noqa: ARG002 (same shape)
        return Witness(bit=True, text="stopped")


class BreakUnmended(Break):
    mended_by = ""


class BreakFirstAskLater(Break):
    __doc__ = Break.__doc__

    def strike(self, members: Members) -> Witness:
        members.able(self.member, Stoppable).stop()
        members.able(self.member, Startable)
        return Witness(bit=True, text="stopped")


def check_break(damage: Break, mend: Callable[[Lamp], object] = Lamp.start) -> None:
    one = Lamp()
    members = Members({"lamp": one})
    check_damage(
        damage, members, harmed=lambda: not one.shines(), mend=lambda: mend(one), limit_s=0.05
    )


def test_a_sound_damage_passes() -> None:
    check_break(Break())
    check_described(Break)
    check_refuses(Break())


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (BreakUnwitnessed(), "its witness says no, though it struck"),
        (BreakNothing(), "nothing is harmed, though its witness says: stopped"),
        (BreakUnmended(), "what mends it is not named"),
    ],
)
def test_a_broken_damage_is_told_what_it_broke(damage: Break, said: str) -> None:
    with pytest.raises(NonconformingError, match=said):
        check_break(damage)


def test_what_is_said_to_mend_must_mend() -> None:
    with pytest.raises(NonconformingError, match=r"'starting it' doesn't mend it in 0\.05 s"):
        check_break(Break(), mend=lambda _: None)


def test_damage_asks_before_it_acts() -> None:
    with pytest.raises(NonconformingError, match="without Startable it did: stop"):
        check_refuses(BreakFirstAskLater())


def test_a_fault_that_asks_for_nothing_is_found() -> None:
    with pytest.raises(NonconformingError, match="no UsageError for a member"):
        check_refuses(BreakNothing())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hold it.\n\nLifted: it shines.", "doesn't say 'Needs"),
        ("Hold it.\n\nNeeds: ``Killable``.", "doesn't say 'Lifted:'"),
    ],
)
def test_a_docstring_says_what_is_needed_and_how_it_ends(text: str, said: str) -> None:
    with pytest.raises(NonconformingError, match=said):
        check_described(type("Undescribed", (Dark,), {"__doc__": text}))


def test_a_name_is_in_small_letters() -> None:
    with pytest.raises(NonconformingError, match="its name is 'Too Dark'"):
        check_described(type("Named", (Dark,), {"__doc__": Dark.__doc__, "fault": "Too Dark"}))
