"""What a member of a stack can do. Faults ask for these, never for a class of ``stacks``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast, runtime_checkable

from blackstart.model.errors import CapabilityError, UsageError, nearest


class Member(Protocol):
    """One service of a stack, or one instance of the target."""

    @property
    def name(self) -> str:
        """Its name in the stack, as scenarios and configurations use it."""


@dataclass(frozen=True, kw_only=True)
class Exit:
    """How a process ended: exit code, or minus the number of the signal; when it was seen."""

    pid: int
    code: int
    at_ns: int


@runtime_checkable
class Killable(Protocol):
    """A member whose process can be ended without warning."""

    def kill(self) -> Exit:
        """SIGKILL, and wait until it is gone; returns how it ended."""

    def alive(self) -> bool:
        """Whether its process runs."""


@runtime_checkable
class Startable(Protocol):
    """A member that can be started where it left off."""

    def start(self) -> None:
        """Start it and wait until it serves. Raises ``StartError`` with the tail of its log."""


@runtime_checkable
class Restartable(Protocol):
    """A member that can be stopped in order and started again."""

    def restart(self) -> None:
        """Stop with its own grace, start, wait until it serves."""


@runtime_checkable
class Stoppable(Protocol):
    """A member that can be stopped in order."""

    def stop(self) -> Exit | None:
        """Its own grace, then SIGKILL; how it ended, or ``None`` if it was not running."""


@runtime_checkable
class Pausable(Protocol):
    """A member that can be stopped mid-work and continued."""

    def pause(self) -> None:
        """Freeze it."""

    def resume(self) -> None:
        """Let it go on."""


@runtime_checkable
class Recreatable(Protocol):
    """A member whose disk can be replaced by a new, empty one while it is down."""

    def discard_disk(self) -> None:
        """Destroy what it stored. It must not be running."""


@runtime_checkable
class Pingable(Protocol):
    """A member that can be asked whether it answers, in its own protocol."""

    def ping_s(self, *, direct: bool, limit_s: float) -> float | None:
        """Seconds to an answer, past the proxy if ``direct``; ``None`` if none within the limit."""


@dataclass(frozen=True, kw_only=True)
class LinkCounters:
    """What a link's proxy counted since it was made: evidence that the target cannot fake."""

    accepted: int
    open: int
    closed_by_fault: int
    bytes_up: int
    bytes_down: int
    bytes_held: int


class Link(Protocol):
    """The proxied way to a member. Every change is undone when its holder dies."""

    def add(self, kind: str, *, stream: str, attributes: Mapping[str, int]) -> str:
        """Put a toxic of ``kind`` on one direction; returns its name."""

    def remove(self, name: str) -> None:
        """Take a toxic off; nothing if it was taken off before.

        Raises ``InconclusiveError`` if it had ended by itself: it did not bite all the while.
        """

    def counters(self) -> LinkCounters:
        """The proxy's own counts."""


@runtime_checkable
class Proxied(Protocol):
    """A member that clients reach through a fault proxy."""

    @property
    def link(self) -> Link:
        """The way to it."""


@runtime_checkable
class Sql(Protocol):
    """A member that can be asked in SQL, past the proxy."""

    def query(
        self, statement: str, parameters: tuple[object, ...] = (), *, limit_s: float = 5.0
    ) -> list[tuple[object, ...]]:
        """Rows of one statement on a direct connection of the harness's own."""

    def direct_url(self) -> str:
        """The URL of the target's database, past the proxy."""


@runtime_checkable
class Rotatable(Protocol):
    """A target whose signing key can be rotated."""

    def publish_key(self, *, active_in_s: float, late_by_s: float) -> str:
        """Give every instance a new key that signs after ``active_in_s``; the last instance gets it
        ``late_by_s`` later. Returns once all have it, with the new key's id.
        """


C = TypeVar("C")


class Members(Mapping[str, Member]):
    """The members by name, and the question "can it?" with an answer that helps."""

    def __init__(self, members: Mapping[str, Member]) -> None:
        """Hold ``members`` as they are."""
        self._members = dict(members)

    def __getitem__(self, name: str) -> Member:
        """The member called ``name``. Raises ``UsageError`` naming those that exist."""
        if name not in self._members:
            raise UsageError(
                f"no member {name!r} in this stack",
                exists=nearest(name, self._members),
                fix=f"use one of these, or add {name!r} to [target].needs",
            )
        return self._members[name]

    def __contains__(self, name: object) -> bool:
        """Whether a member is called ``name``."""
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        """Names, in order of start."""
        return iter(self._members)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._members)

    def able(self, name: str, capability: type[C]) -> C:
        """Member ``name`` as ``capability``. Raises ``CapabilityError`` naming who could."""
        member = self[name]
        if isinstance(member, capability):
            return cast("C", member)
        others = [n for n, m in self._members.items() if isinstance(m, capability)]
        raise CapabilityError(
            f"{name} is not {capability.__name__}",
            exists=f"{capability.__name__}: {', '.join(others) or 'nothing in this stack'}",
            fix="use a member or a stack that can, or leave this variant out",
        )
