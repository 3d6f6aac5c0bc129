"""How one probe is laid out in a file: written by the prober, read as columns by everyone else."""

import struct
from enum import IntEnum

FIELDS = (
    ("role", "B"),  # index into History.roles
    ("instance", "B"),
    ("outcome", "B"),  # index into model.outcome.Outcome
    ("ending", "B"),  # 0 not a write, else 1 + index into model.outcome.Ending
    ("failure", "B"),  # a Failure
    ("user", "B"),
    ("status", "H"),  # HTTP status; 0 without an answer
    ("seq", "q"),  # dense from 0 within a role
    ("scheduled_ns", "q"),  # when it was due: latency counts from here
    ("sent_ns", "q"),
    ("ended_ns", "q"),
    ("age_s", "f"),  # of a stale answer
    ("spare", "I"),
)
PROBE_STRUCT = struct.Struct("<" + "".join(code for _, code in FIELDS))


class Failure(IntEnum):
    """Why an answer was not a good one."""

    NONE = 0
    BARE = 1  # a 5xx that neither marks itself nor says when to come back
    REJECTED = 2  # a 4xx
    UNAUTHORIZED = 3
    NOT_CONNECTED = 4  # never reached the target
    CUT_OFF = 5  # the connection ended before the answer did
    NO_ANSWER = 6
    WRONG_ANSWER = 7  # an answer that is not what was asked for
    IN_DOUBT = 8  # the target itself says that it does not know
