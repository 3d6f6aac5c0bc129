"""``http_slow_body``: the head of an answer comes at once, its body slowly."""

import time

from blackstart.proxy.fields import DAY_MS, Whole
from blackstart.proxy.protocols.conversation import Behind, ConversationKind
from blackstart.proxy.protocols.http.session import CHOICE, HttpSession
from blackstart.proxy.protocols.http.wire import Part, Piece
from blackstart.proxy.stage import End, TimedStage

_SLICES_PER_S = 100


class SlowBody(HttpSession):
    """Begin the body after ``delay_ms``, then deliver ``rate`` bytes a second (0: no limit)."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._line = TimedStage(self.toxic, self.down.link)
        self._line.next = Behind(self.down)
        self.down.on_stop = self._line.stop
        self._due_ns = 0

    def on_answer(self, piece: Piece) -> None:
        """See ``HttpSession``."""
        if piece.part is Part.HEAD:
            self.to_client(piece.raw)
            self._due_ns = time.monotonic_ns() + self.toxic.number("delay_ms") * 1_000_000
        elif piece.raw:
            self.down.bite("slow body")
            self._spread(piece.raw)

    def to_client(self, data: bytes) -> None:
        """See ``Conversation``: never past what waits."""
        if data:
            self._line.put(data, 0)

    def server_ended(self, how: End) -> None:
        """See ``Conversation``."""
        super().release_down()
        self._line.put(how, 0)

    def release_down(self) -> None:
        """See ``Conversation``."""
        super().release_down()
        self._line.lift()

    def _spread(self, raw: bytes) -> None:
        rate = self.toxic.number("rate")
        size = max(1, rate // _SLICES_PER_S) if rate else len(raw)
        self._due_ns = max(self._due_ns, time.monotonic_ns())
        for at in range(0, len(raw), size):
            part = raw[at : at + size]
            self._due_ns += len(part) * 1_000_000_000 // rate if rate else 0
            self._line.put(part, self._due_ns)


KIND = ConversationKind(
    "http_slow_body",
    {"delay_ms": Whole(high=DAY_MS), "rate": Whole(1000, high=10**9), **CHOICE},
    SlowBody,
)
