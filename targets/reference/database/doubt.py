"""Whether a write that failed may have taken effect all the same."""

from collections.abc import Awaitable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

T = TypeVar("T")


class Doubt:
    """Counts the attempts of one request that were sent and that the server never answered."""

    def __init__(self) -> None:
        self.unanswered = 0

    async def noted(self, work: Awaitable[T]) -> T:
        """Await ``work``; an attempt is answered when it succeeds, or the server says no."""
        self.unanswered += 1
        try:
            result = await work
        except DBAPIError as error:
            self.unanswered -= _server_said_no(error)
            raise
        self.unanswered -= 1
        return result


def _server_said_no(error: DBAPIError) -> bool:
    """Only an answer of the server carries a SQLSTATE; a lost connection doesn't."""
    return getattr(error.orig, "sqlstate", None) is not None
