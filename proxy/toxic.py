"""A toxic as the API shows it, and what kind of thing it is."""

from typing import TYPE_CHECKING, Any, Final

from blackstart.proxy.fields import Fields, Settings
from blackstart.proxy.lease import Lease
from blackstart.proxy.stage import Stage

if TYPE_CHECKING:
    from blackstart.proxy.connection import Connection
    from blackstart.proxy.proxy import Proxy

UPSTREAM: Final = "upstream"
DOWNSTREAM: Final = "downstream"


class Kind:
    """A type of toxic: its name, its attributes, and what it puts on a connection.

    Most kinds put one stage on one direction. A kind that works on the whole proxy (``refuse``)
    or on both directions (the protocol faults) overrides the methods.
    """

    def __init__(self, name: str, fields: Fields, stage: type[Stage] | None = None) -> None:
        self.name = name
        self.fields = fields
        self._stage = stage

    def validate(self, settings: Settings) -> None:
        """Refuse with ``FieldError`` what no single field can see."""

    def attach(self, toxic: "Toxic", connection: "Connection") -> None:
        """Put the toxic to work on a connection that it is to bite."""
        if self._stage is not None:
            link = connection.links[toxic.direction]
            link.insert(self._stage(toxic, link))

    def begin(self, toxic: "Toxic", proxy: "Proxy") -> None:
        """The toxic was added to the proxy; its connections are attached right after."""

    def change(self, toxic: "Toxic", proxy: "Proxy") -> None:
        """The toxic's attributes or toxicity were changed; the stages are told right after."""

    def finish(self, toxic: "Toxic", proxy: "Proxy") -> None:
        """The toxic was removed from the proxy and its stages were lifted."""


class Toxic:
    """One fault on one proxy; ``stream`` as it was typed, ``direction`` what it means."""

    def __init__(  # noqa: PLR0913  # all keyword-only
        self,
        *,
        name: str,
        kind: Kind,
        stream: str,
        toxicity: float,
        attributes: Settings,
        lease_s: float | None = None,
    ) -> None:
        self.name = name
        self.kind = kind
        self.stream = stream
        self.direction = stream.lower()
        self.toxicity = toxicity
        self.attributes = attributes
        self.lease_s = lease_s
        self.lease: Lease | None = None
        self.memory: dict[str, Any] = {}
        """What all connections of the toxic share; each kind has its own keys."""

    def number(self, attribute: str) -> int:
        """A whole-number attribute."""
        return int(self.attributes[attribute])

    def as_json(self) -> dict[str, object]:
        """As the API shows it; a lease only where there is one, strict clients know no such."""
        shown: dict[str, object] = {
            "attributes": dict(self.attributes),
            "name": self.name,
            "type": self.kind.name,
            "stream": self.stream,
            "toxicity": self.toxicity,
        }
        if self.lease_s is not None:
            shown["lease_s"] = self.lease_s
        return shown
