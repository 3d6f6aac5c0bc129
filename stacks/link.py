"""The proxied way to a member: the model's ``Link`` over the fault proxy's API."""

import itertools
from collections.abc import Callable, Mapping

from blackstart.model.capabilities import LinkCounters
from blackstart.proxy.client import ProxyClient, ProxyError


class ProxyLink:
    """One proxy of the stack's proxy process; its toxics die with that process. Thread-safe."""

    def __init__(self, client: Callable[[], ProxyClient], name: str) -> None:
        """Steer the proxy called ``name`` by the client there is when it is steered."""
        self._client, self._name = client, name
        self._numbers = itertools.count(1)

    def disable(self) -> None:
        """Close what is open and refuse what comes."""
        self._client().disable(self._name)

    def enable(self) -> None:
        """Let connections through again."""
        self._client().enable(self._name)

    def add(self, kind: str, *, stream: str, attributes: Mapping[str, int]) -> str:
        """Put a toxic of ``kind`` on one direction, beside any other; returns its name."""
        name = f"{kind}-{stream}-{next(self._numbers)}"
        self._client().add_toxic(self._name, kind, name=name, stream=stream, attributes=attributes)
        return name

    def remove(self, name: str) -> None:
        """Take a toxic off; nothing if it is gone."""
        try:
            self._client().remove_toxic(self._name, name)
        except ProxyError as error:
            if error.status != 404:
                raise

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
