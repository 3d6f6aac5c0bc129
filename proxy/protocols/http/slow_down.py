"""``http_slow_down``: S3's 503 SlowDown for a share of the requests."""

from typing import Final

from blackstart.proxy.fields import Whole
from blackstart.proxy.protocols.conversation import ConversationKind
from blackstart.proxy.protocols.http.session import CHOICE, HttpSession
from blackstart.proxy.protocols.http.wire import Head, response

_BODY: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code>'
    b"<Message>Please reduce your request rate.</Message><RequestId>fault-proxy</RequestId></Error>"
)


class SlowDown(HttpSession):
    """Answer as S3 does when it is asked too much; ``retry_after_s`` 0 leaves the header out."""

    def instead(self, request: Head) -> bytes | None:
        """See ``HttpSession``."""
        wait_s = self.toxic.number("retry_after_s")
        headers = [f"Retry-After: {wait_s}"] if wait_s else []
        for_head = request.first[0] == "HEAD"
        return response(503, "application/xml", _BODY, *headers, for_head=for_head)


KIND = ConversationKind("http_slow_down", {"retry_after_s": Whole(high=86_400), **CHOICE}, SlowDown)
