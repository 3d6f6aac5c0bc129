"""``http_status``: requests are answered with a given status and never reach the server."""

from blackstart.proxy.fields import Text, Whole
from blackstart.proxy.protocols.conversation import ConversationKind
from blackstart.proxy.protocols.http.session import CHOICE, HttpSession
from blackstart.proxy.protocols.http.wire import Head, response


class Status(HttpSession):
    """Answer with ``status`` and ``body``."""

    def instead(self, request: Head) -> bytes | None:
        """See ``HttpSession``."""
        body = str(self.toxic.attributes["body"]).encode()
        for_head = request.first[0] == "HEAD"
        return response(self.toxic.number("status"), "text/plain", body, for_head=for_head)


KIND = ConversationKind(
    "http_status",
    {
        "status": Whole(500, low=200, high=599),
        "body": Text("failed by the fault proxy\n"),
        **CHOICE,
    },
    Status,
)
