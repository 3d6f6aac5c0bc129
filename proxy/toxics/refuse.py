"""``refuse``: new connections are refused, existing ones are reset."""

from typing import TYPE_CHECKING

from blackstart.proxy.fields import Flag
from blackstart.proxy.self_test import is_refused
from blackstart.proxy.toxic import Kind

if TYPE_CHECKING:
    from blackstart.proxy.connection import Connection
    from blackstart.proxy.proxy import Proxy
    from blackstart.proxy.toxic import Toxic


class RefuseKind(Kind):
    """Stop listening (ECONNREFUSED, the port kept) and reset what is open.

    ``keep_open`` leaves existing connections alone. With a toxicity below 1, or when a client's
    connection was under way, the connection is accepted and reset at once instead.
    """

    def begin(self, toxic: "Toxic", proxy: "Proxy") -> None:
        """See ``Kind``."""
        proxy.reconsider_listening()
        if toxic.toxicity >= 1 and is_refused(proxy.listen_address):
            proxy.note_seen(toxic, "an attempt of our own to connect was refused")

    def change(self, toxic: "Toxic", proxy: "Proxy") -> None:
        """See ``Kind``."""
        self.begin(toxic, proxy)

    def finish(self, toxic: "Toxic", proxy: "Proxy") -> None:  # noqa: ARG002
        """See ``Kind``."""
        proxy.reconsider_listening()

    def attach(self, toxic: "Toxic", connection: "Connection") -> None:
        """See ``Kind``."""
        if connection.is_new or not toxic.attributes["keep_open"]:
            connection.note_bite(toxic, "reset")
            if connection.is_new:
                connection.proxy.counters.refused += 1
            connection.close_by_fault(toxic, "refused", reset=True)


KIND = RefuseKind("refuse", {"keep_open": Flag()})
