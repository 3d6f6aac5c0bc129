"""``hang``: connecting gets no answer, until the client's own time limit."""

from typing import TYPE_CHECKING

from blackstart.proxy.self_test import when_hanging
from blackstart.proxy.toxic import Kind

if TYPE_CHECKING:
    from blackstart.proxy.connection import Connection
    from blackstart.proxy.proxy import Proxy
    from blackstart.proxy.toxic import Toxic


class HangKind(Kind):
    """New connections hang in ``connect``; existing ones go on. Needs Linux.

    A share of the clients (toxicity below 1) cannot hang there, since the kernel answers before
    anybody is asked; they are accepted and then hear nothing.
    """

    def begin(self, toxic: "Toxic", proxy: "Proxy") -> None:
        """See ``Kind``."""
        proxy.reconsider_listening()
        if proxy.enabled and toxic.toxicity >= 1:
            seen = "an attempt of our own to connect had no answer"
            when_hanging(proxy.loop, proxy.listen_address, lambda: proxy.note_seen(toxic, seen))

    def change(self, toxic: "Toxic", proxy: "Proxy") -> None:
        """See ``Kind``."""
        self.begin(toxic, proxy)

    def finish(self, toxic: "Toxic", proxy: "Proxy") -> None:  # noqa: ARG002
        """See ``Kind``: who was accepted and left alone is served now."""
        proxy.reconsider_listening()
        for connection in tuple(proxy.connections.values()):
            connection.serve_after_all()

    def attach(self, toxic: "Toxic", connection: "Connection") -> None:
        """See ``Kind``."""
        if connection.is_new:
            connection.note_bite(toxic, "accepted and left alone")
            connection.leave_alone()


KIND = HangKind("hang", {})
