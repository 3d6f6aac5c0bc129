"""What one proxy has seen since it was created."""

from typing import Final

COUNTED: Final = (
    "accepted",
    "open",
    "refused",
    "closed_by_fault",
    "upstream_failed",
    "bytes_upstream",
    "bytes_downstream",
    "sent_upstream",
    "sent_downstream",
    "held_total",
    "toxics_added",
    "toxics_updated",
    "toxics_removed",
    "toxics_bit",
)


class Counters:
    """Plain numbers; all but ``open`` only grow.

    ``bytes_upstream`` and ``bytes_downstream`` count what arrived from the client and from the
    upstream, ``sent_…`` what left towards the upstream and the client, on connections that have
    closed; ``Proxy.totals`` adds the open ones.
    ``held_total`` counts bytes that any toxic has ever kept back, were it for a moment.
    """

    __slots__ = COUNTED

    def __init__(self) -> None:
        for name in COUNTED:
            setattr(self, name, 0)

    accepted: int
    open: int
    refused: int
    closed_by_fault: int
    upstream_failed: int
    bytes_upstream: int
    bytes_downstream: int
    sent_upstream: int
    sent_downstream: int
    held_total: int
    toxics_added: int
    toxics_updated: int
    toxics_removed: int
    toxics_bit: int

    def as_json(self) -> dict[str, int]:
        """By name, in the order of ``COUNTED``."""
        return {name: getattr(self, name) for name in COUNTED}
