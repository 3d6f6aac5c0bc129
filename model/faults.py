"""The two kinds of fault, and the evidence that one bit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from blackstart.model.capabilities import Members


@dataclass(frozen=True, kw_only=True)
class Witness:
    """Evidence, not from the target, about whether a fault bit."""

    bit: bool
    text: str


@runtime_checkable
class Condition(Protocol):
    """A fault that can be lifted. It is held under a lease: it ends when its holder dies."""

    fault: ClassVar[str]

    def begin(self, members: Members) -> Callable[[], None]:
        """Bring it about, and return how to lift it; lifting twice does no harm."""

    def witness(self, members: Members) -> Witness:
        """Look, while it is held, whether it bites."""


@runtime_checkable
class Damage(Protocol):
    """A fault that cannot be lifted: only recovery mends it."""

    fault: ClassVar[str]
    mended_by: ClassVar[str]

    def strike(self, members: Members) -> Witness:
        """Do it; returns, when it is done, whether it bit."""
