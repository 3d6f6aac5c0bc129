"""``hang``: connecting gets no answer, until the client's own time limit."""

from typing import TYPE_CHECKING

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

    def begin(self, toxic: "Toxic", proxy: "Proxy") -> None:  # noqa: ARG002
        """See ``Kind``."""
        proxy.reconsider_listening()

    change = begin
    finish = begin

    def attach(self, toxic: "Toxic", connection: "Connection") -> None:
        """See ``Kind``."""
        if connection.is_new:
            connection.note_bite(toxic, "accepted and left alone")
            connection.leave_alone()


KIND = HangKind("hang", {})
