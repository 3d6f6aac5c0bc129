"""Finding codes: a stable name and what it means. Scripts, proofs and history hang on them."""

from dataclasses import dataclass
from enum import StrEnum


class FindingCode(StrEnum):
    """Every kind of breach that a checker can name."""

    meaning: str

    def __new__(cls, code: str, meaning: str) -> "FindingCode":
        """Carry the sentence for the generated table beside the code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    RTO_EXCEEDED = "RTO_EXCEEDED", "good answers came back later than the RTO allows"
    NOT_RECOVERED = (
        "NOT_RECOVERED",
        "good answers did not come back for good while watched",
    )
    NOT_NORMAL = "NOT_NORMAL", "answers were not as in the baseline again in the time allowed"
    ACKED_WRITE_LOST = "ACKED_WRITE_LOST", "a write that was acknowledged is missing"
    RPO_EXCEEDED = "RPO_EXCEEDED", "the oldest lost write is older than the RPO allows"
    WRITE_DUPLICATED = "WRITE_DUPLICATED", "one write took effect more than once"
    PHANTOM_WRITE = "PHANTOM_WRITE", "a write that was refused, or never tried, is there"
    WRITE_CORRUPTED = "WRITE_CORRUPTED", "a write came back with other bytes than were acknowledged"
    BARE_500 = "BARE_500", "a failure reached the client as a bare server error"
    HUNG_REQUEST = "HUNG_REQUEST", "a request got no answer within its limit"
    TOO_SLOW = "TOO_SLOW", "an answer came later than its contract's cap"
    CONNECTION_FAILED = "CONNECTION_FAILED", "a client could not connect or was cut off"
    OUTCOME_NOT_ALLOWED = "OUTCOME_NOT_ALLOWED", "an answer was of a kind its contract forbids"
    STALE_TOO_OLD = "STALE_TOO_OLD", "a stale answer was older than its contract allows"
    WARNING_SILENT = "WARNING_SILENT", "a warning that was promised was not given in time"
    HEALTH_UNTRUTHFUL = "HEALTH_UNTRUTHFUL", "the health endpoint did not tell of the fault in time"
    POOL_OVERRUN = "POOL_OVERRUN", "the target holds more database connections than its limit"
    CONNECTIONS_LEAKED = "CONNECTIONS_LEAKED", "connections of the fault are still held after it"
    STAMPEDE = "STAMPEDE", "a cold cache made every reader do the work at once"
    FORCED_LOGOUT = "FORCED_LOGOUT", "a signed-in user had to sign in again"
    KEY_NOT_ROTATED = "KEY_NOT_ROTATED", "new tokens were still signed with the old key"
    OLD_KEY_ACCEPTED = "OLD_KEY_ACCEPTED", "a token of a retired key was accepted after its grace"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One breach: its code and a sentence with the figures."""

    code: FindingCode
    detail: str
