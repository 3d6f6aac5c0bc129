"""The refusals that the service makes on purpose."""


class UnavailableError(Exception):
    """A dependency is out: answered with 503 and ``Retry-After``.

    ``retry_after_s`` is when asking again makes sense.
    """

    def __init__(self, reason: str, *, retry_after_s: float = 1.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s


class BreakerOpenError(UnavailableError):
    """Refused without touching the database; never retried."""


class DeadlineError(TimeoutError):
    """One attempt on the database took longer than ``DB_DEADLINE_S``."""


class InDoubtError(Exception):
    """A write was sent and never answered: whether it took effect, nobody here knows.

    Answered with 504, and never with 503: a refusal promises that nothing was written.
    """
