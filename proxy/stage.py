"""One toxic at work on one direction of one connection."""

import time
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from blackstart.proxy.timers import Timer

if TYPE_CHECKING:
    from blackstart.proxy.link import Link
    from blackstart.proxy.toxic import Toxic


class End(Enum):
    """How a stream ends."""

    FIN = "fin"
    RST = "rst"
    CLOSE = "close"
    """Both directions at once, in good order, behind the bytes before it."""


class Receiver(Protocol):
    """Whatever bytes and the end of a stream can be handed to, in order."""

    def push(self, data: bytes) -> None:
        """The next bytes."""

    def end(self, how: End) -> None:
        """Nothing more comes."""


class Stage:
    """Passes everything on; toxics override what they change.

    ``next`` is the stage behind it or the link's outlet. A stage that keeps bytes back says so
    with ``held_bytes``, and calls ``bite`` when it first does what it is for.
    """

    capacity_bytes: int = 1024 * 1024
    """The link reads no more from its source while more than this is held."""

    outlives_toxic: bool = False
    """Whether the stage stays on the connection when its toxic is removed."""

    def __init__(self, toxic: "Toxic", link: "Link") -> None:
        self.toxic = toxic
        self.link = link
        self.next: Receiver = link.outlet
        self.held_bytes = 0
        self.is_lifted = False
        self._has_bitten = False

    def start(self) -> None:
        """The stage is in its place; bytes come from now on."""

    def push(self, data: bytes) -> None:
        """See ``Receiver``."""
        self.next.push(data)

    def end(self, how: End) -> None:
        """See ``Receiver``."""
        self.next.end(how)

    def changed(self) -> None:
        """The toxic's attributes were changed."""

    def lift(self) -> None:
        """The toxic is gone: hand over, in order, whatever is held."""

    def stop(self) -> None:
        """The connection is closed: drop everything, cancel every timer."""

    def bite(self, detail: str = "") -> None:
        """Note, once, that this connection was hit."""
        if not self._has_bitten:
            self._has_bitten = True
            self.link.connection.note_bite(self.toxic, detail)

    def hold(self, count: int) -> None:
        """Note that ``count`` more bytes are kept back."""
        self.held_bytes += count
        self.link.held_bytes += count
        self.link.held_total += count

    def release(self, count: int) -> None:
        """Note that ``count`` bytes are kept back no longer."""
        self.held_bytes -= count
        self.link.held_bytes -= count


class TimedStage(Stage):
    """A stage that passes things on at their moment, in the order in which they came."""

    def __init__(self, toxic: "Toxic", link: "Link") -> None:
        super().__init__(toxic, link)
        self._queue: deque[tuple[int, bytes | End]] = deque()
        self._timer: Timer | None = None

    @property
    def last_due_ns(self) -> int:
        """When the last waiting item is due; 0 when nothing waits."""
        return self._queue[-1][0] if self._queue else 0

    def put(self, item: bytes | End, due_ns: int) -> None:
        """Pass ``item`` on at ``due_ns``, never before what came earlier."""
        queue = self._queue
        if queue:
            due_ns = max(due_ns, queue[-1][0])
        elif due_ns <= time.monotonic_ns():
            self._forward(item)
            return
        if not isinstance(item, End):
            self.hold(len(item))
        queue.append((due_ns, item))
        if self._timer is None:
            self._timer = self.link.loop.at(due_ns, self._on_timer)

    def put_again(self, items: list[tuple[int, bytes | End]]) -> None:
        """Replace the waiting items by the same items with other moments."""
        self._cancel()
        self._queue = deque(items)
        self._on_timer()

    def waiting(self) -> list[tuple[int, bytes | End]]:
        """The waiting items and their moments."""
        return list(self._queue)

    def lift(self) -> None:
        """See ``Stage``."""
        self._cancel()
        while self._queue:
            self._hand_over(self._queue.popleft()[1])
        self.link.reconsider()

    def stop(self) -> None:
        """See ``Stage``."""
        self._cancel()
        self._queue.clear()
        self.release(self.held_bytes)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _on_timer(self) -> None:
        self._timer = None
        queue = self._queue
        now_ns = time.monotonic_ns()
        while queue and queue[0][0] <= now_ns:
            self._hand_over(queue.popleft()[1])
        if queue:
            self._timer = self.link.loop.at(queue[0][0], self._on_timer)
        self.link.reconsider()

    def _hand_over(self, item: bytes | End) -> None:
        if not isinstance(item, End):
            self.release(len(item))
        self._forward(item)

    def _forward(self, item: bytes | End) -> None:
        if isinstance(item, End):
            self.next.end(item)
        else:
            self.next.push(item)
