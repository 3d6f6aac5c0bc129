"""The proxied way to a member: the model's ``Link`` over the fault proxy's API."""

import itertools
import os
from collections.abc import Callable, Mapping

from blackstart.model.capabilities import LinkCounters
from blackstart.model.errors import InconclusiveError
from blackstart.proxy.client import ProxyClient, ProxyError
from blackstart.stacks.leases import LEASE_S, Leases


class ProxyLink:
    """One proxy of the stack's proxy process. Thread-safe.

    Its toxics are leased: they end ``lease_s`` after the death of the process that put them on, if
    the proxy outlives it.
    """

    def __init__(
        self, client: Callable[[], ProxyClient], name: str, *, lease_s: float = LEASE_S
    ) -> None:
        """Steer the proxy called ``name`` by the client there is when it is steered."""
        self._client, self._name = client, name
        self._numbers = itertools.count(1)
        self._leases = Leases(lambda toxic: client().renew(name, toxic), lease_s=lease_s)

    def add(self, kind: str, *, stream: str, attributes: Mapping[str, int]) -> str:
        """Put a toxic of ``kind`` on one direction, beside any other; returns its name."""
        # With our pid, since two processes may hold toxics of one kind.
        name = f"{kind}-{stream}-{os.getpid()}-{next(self._numbers)}"
        self._client().add_toxic(
            self._name,
            kind,
            name=name,
            stream=stream,
            attributes=attributes,
            lease_s=self._leases.lease_s,
        )
        self._leases.hold(name)
        return name

    def remove(self, name: str) -> None:
        """Take a toxic off; nothing if it was taken off before.

        Raises ``InconclusiveError`` if it had ended by itself: it did not bite all the while.
        """
        held = self._leases.let_go(name)
        try:
            self._client().remove_toxic(self._name, name)
        except ProxyError as error:
            if error.status != 404:
                raise
            if held:
                raise InconclusiveError(
                    f"{self._name}: {name} ended before it was lifted: its lease was not renewed "
                    f"for {self._leases.lease_s:g} s"
                ) from error

    def counters(self) -> LinkCounters:
        """The proxy's own counts; ``bytes_held`` are those ever kept back, were it for a moment."""
        counted = self._client().connections(self._name).counters
        return LinkCounters(
            accepted=counted["accepted"],
            open=counted["open"],
            closed_by_fault=counted["closed_by_fault"],
            bytes_up=counted["bytes_upstream"],
            bytes_down=counted["bytes_downstream"],
            bytes_held=counted["held_total"],
        )
