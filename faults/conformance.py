"""The conformance kit: what every fault has to keep, checked on real members.

For those who write a fault. Each check raises ``NonconformingError`` with the promise that was not
kept; in pytest that is a failed assertion. ``docs/CREATING_FAULTS.md`` shows it at work.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields

from blackstart.model import capabilities
from blackstart.model.capabilities import Member, Members
from blackstart.model.errors import CapabilityError, UsageError
from blackstart.model.faults import Condition, Damage, Witness

LIMIT_S = 10.0
_EVERY_S = 0.02
_HELD = "held"


class NonconformingError(AssertionError):
    """A fault breaks a promise that every fault makes."""


def check_described(kind: type[Condition] | type[Damage]) -> None:
    """It has a name, and its docstring says what it needs and how it ends."""
    text = kind.__doc__ or ""
    ends = "Mended by:" if hasattr(kind, "mended_by") else "Lifted:"
    _require(re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.fault), f"its name is {kind.fault!r}", kind)
    _require(needs_of(kind), "its docstring doesn't say 'Needs: ``Capability``'", kind)
    _require(ends in text, f"its docstring doesn't say {ends!r}", kind)
    _require(getattr(kind, "mended_by", "-"), "what mends it is not named", kind)
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    _require("member" in names, "it has no field 'member'", kind)


def check_refuses(fault: Condition | Damage) -> None:
    """A member that isn't there or lacks what is needed is named, and nothing was done to it.

    Damage asks for everything that its docstring names before it does anything.
    """
    _raises(UsageError, fault, Members({}))
    name, needs = _member(fault), needs_of(type(fault))
    _raises(CapabilityError, fault, Members({name: bare(name)}))
    for lacking in needs if isinstance(fault, Damage) else ():
        done: list[str] = []
        able = bare(name, *(need for need in needs if need != lacking), told=done)
        _raises(CapabilityError, fault, Members({name: able}))
        _require(not done, f"without {lacking} it did: {', '.join(done)}", fault)


def needs_of(kind: type) -> tuple[str, ...]:
    """The capabilities that a fault's docstring says it needs."""
    said = re.search(r"Needs: ((?:``\w+``[, ]*)+)\.", " ".join((kind.__doc__ or "").split()))
    return tuple(re.findall(r"``(\w+)``", said[1])) if said else ()


def check_condition(
    condition: Condition, members: Members, *, works: Callable[[], bool], limit_s: float = LIMIT_S
) -> None:
    """It bites, it lifts, and an old lift does nothing to a new one.

    ``works`` says whether a client of the member is served, by the way that clients take. The fault
    is held three times; afterwards it is lifted.
    """
    _require(works(), "the member doesn't work before it: nothing can be seen", condition)
    _says(condition, members, bit=False, when="before it is held")
    with _held(condition, members) as lift:
        _says(condition, members, bit=True, when="while it is held")
    _works_again(condition, works, limit_s, "lifted")
    _says(condition, members, bit=False, when="after it was lifted")
    lift()
    _works_again(condition, works, limit_s, "lifted twice")
    with _held(condition, members):
        lift()
        _says(condition, members, bit=True, when="while it is held anew and the old one lifted")
    _works_again(condition, works, limit_s, "lifted again")


def check_killed_holder(
    condition: Condition,
    members: Members,
    *,
    holder: Sequence[str],
    works: Callable[[], bool],
    limit_s: float = LIMIT_S,
) -> None:
    """It ends when the process that holds it is killed, though the member lives on.

    ``holder`` is a command that calls ``hold`` with this condition.
    """
    with subprocess.Popen(
        holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 (it is a pipe)
            told = process.stdout.readline().strip()
            _require(told == _HELD, f"its holder said {told!r} and not {_HELD!r}", condition)
            _says(condition, members, bit=True, when="while another process holds it")
        finally:
            process.kill()
    _works_again(condition, works, limit_s, "its holder was killed")
    _says(condition, members, bit=False, when="after its holder was killed")


def hold(condition: Condition, members: Members) -> None:
    """Hold ``condition`` until standard input ends: what a process to be killed does."""
    lift = condition.begin(members)
    sys.stdout.write(f"{_HELD}\n")
    sys.stdout.flush()
    sys.stdin.read()
    lift()


def check_damage(
    damage: Damage,
    members: Members,
    *,
    harmed: Callable[[], bool],
    mend: Callable[[], object],
    limit_s: float = LIMIT_S,
) -> None:
    """It bites, it lasts, and what ``mended_by`` names mends it.

    ``harmed`` says, from the outside, whether the damage is there; ``mend`` does what the fault
    says that mends it.
    """
    _require(damage.mended_by, "what mends it is not named", damage)
    _require(not harmed(), "its harm is there before it: nothing can be seen", damage)
    witness = damage.strike(members)
    _require(witness.text, "its witness says nothing", damage)
    _require(witness.bit, f"its witness says no, though it struck: {witness.text}", damage)
    _require(harmed(), f"nothing is harmed, though its witness says: {witness.text}", damage)
    mend()
    whole = _becomes(lambda: not harmed(), limit_s)
    _require(whole, f"{damage.mended_by!r} doesn't mend it in {limit_s:g} s", damage)


def bare(name: str, *abilities: str, told: list[str] | None = None) -> Member:
    """A member that has the capabilities called ``abilities`` and only tells what it was asked."""

    def telling(what: str) -> Callable[..., None]:
        return lambda *_, **__: (told if told is not None else []).append(what)

    methods = [
        part for ability in abilities for part in _parts(getattr(capabilities, ability, object))
    ]
    member: Member = type("Bare", (), {"name": name, **{m: telling(m) for m in methods}})()
    return member


def _parts(capability: type) -> list[str]:
    return [name for name in vars(capability) if not name.startswith("_")]


def _member(fault: object) -> str:
    return str(getattr(fault, "member"))  # noqa: B009 (the protocols don't ask for it)


@contextmanager
def _held(condition: Condition, members: Members) -> Iterator[Callable[[], None]]:
    lift = condition.begin(members)
    try:
        yield lift
    finally:
        lift()


def _says(condition: Condition, members: Members, *, bit: bool, when: str) -> Witness:
    witness = condition.witness(members)
    _require(witness.text, "its witness says nothing", condition)
    said = "yes" if witness.bit else "no"
    _require(witness.bit == bit, f"its witness says {said} {when}: {witness.text}", condition)
    return witness


def _works_again(
    condition: Condition, works: Callable[[], bool], limit_s: float, after: str
) -> None:
    works_again = _becomes(works, limit_s)
    _require(works_again, f"{after}, and in {limit_s:g} s no client is served", condition)


def _becomes(true: Callable[[], bool], limit_s: float) -> bool:
    deadline = time.monotonic() + limit_s
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(_EVERY_S)
    return True


def _raises(wanted: type[Exception], fault: Condition | Damage, members: Members) -> None:
    act = fault.begin if isinstance(fault, Condition) else fault.strike
    try:
        act(members)
    except wanted:
        return
    raise _broken(f"no {wanted.__name__} for a member that can't do it or isn't there", fault)


def _require(kept: object, otherwise: str, fault: object) -> None:
    if not kept:
        raise _broken(otherwise, fault)


def _broken(what: str, fault: object) -> NonconformingError:
    return NonconformingError(f"{getattr(fault, 'fault', fault)}: {what}")
