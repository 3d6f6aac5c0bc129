"""Ids for requests in the form that Toxiproxy gives them: 12 bytes as 20 characters."""

import os
import time
from itertools import count

_DIGITS = "0123456789abcdefghijklmnopqrstuv"


class RequestIds:
    """Time, machine, process and a counter, in base 32 (an "xid")."""

    def __init__(self) -> None:
        self._machine_and_process = os.urandom(3) + (os.getpid() & 0xFFFF).to_bytes(2)
        self._count = count(int.from_bytes(os.urandom(3)))

    def next(self) -> str:
        """An id that was not given before."""
        seconds = int(time.time()).to_bytes(8)[-4:]
        number = (next(self._count) & 0xFFFFFF).to_bytes(3)
        bits = int.from_bytes(seconds + self._machine_and_process + number) << 4
        return "".join(_DIGITS[bits >> shift & 31] for shift in range(95, -1, -5))
