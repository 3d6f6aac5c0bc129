"""How a request ended, as its client saw it."""

from enum import StrEnum


class Outcome(StrEnum):
    """The quality of one answer. The order is the order of lanes in pictures, best first."""

    OK = "ok"
    STALE = "stale"  # served old and marked so
    DEGRADED = "degraded"  # reduced promise, marked
    SHED = "shed"  # refused at once: 503/429 with Retry-After
    ERROR = "error"
    TIMEOUT = "timeout"


class Ending(StrEnum):
    """How a write ended. Yes, no and no answer differ (Jepsen's ok, fail, info)."""

    ACKED = "acked"  # the target said yes: losing it counts against the RPO
    REFUSED = "refused"  # the target said no: it must never appear
    UNKNOWN = "unknown"  # no answer: it may appear or not
