"""An error that nobody foresaw: logged in full, answered with a bare 500."""

import logging

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)


class LastResort:
    """ASGI middleware that answers what the application could not.

    Left to the server, the error would also close the connection, without telling the client:
    the next request on it would break too, and one failure would look like two.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer 500 when that fails before the answer has begun."""
        has_begun = False

        async def note_begin(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, note_begin)
        except Exception:
            if scope["type"] != "http" or has_begun:
                raise
            logger.exception("%s %s failed", scope["method"], scope["path"])
            await PlainTextResponse("Internal Server Error", 500)(scope, receive, send)
