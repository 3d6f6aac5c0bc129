"""One direction of a connection.

Without a toxic, bytes go from one socket to the other and are touched by nobody. With toxics,
they pass through one stage for each, in the order in which the toxics were added.
"""

from typing import TYPE_CHECKING, Final

from blackstart.proxy.endpoint import Endpoint
from blackstart.proxy.loop import SHARED_BUFFER, Loop
from blackstart.proxy.outlet import Outlet
from blackstart.proxy.pipes import Pipe
from blackstart.proxy.stage import End, Receiver, Stage
from blackstart.proxy.toxic import Toxic

if TYPE_CHECKING:
    from blackstart.proxy.connection import Connection

_VIEW: Final = memoryview(SHARED_BUFFER)
_FULL: Final = len(SHARED_BUFFER)
_SMALL: Final = 4 * 1024


class Link:
    """Reads from ``source``; what passes all stages goes to ``outlet``."""

    __slots__ = (
        "_bulk",
        "_capacity_bytes",
        "_is_plain",
        "_receive_into",
        "_send",
        "_source",
        "_staged_bytes",
        "_target",
        "arrived_bytes",
        "connection",
        "held_bytes",
        "held_total",
        "loop",
        "outlet",
        "source_done",
        "stages",
    )

    def __init__(self, connection: "Connection", source: Endpoint, target: Endpoint) -> None:
        self.connection = connection
        self.loop: Loop = connection.loop
        self._source = source
        self._target = target
        self.outlet = Outlet(self, target)
        self.stages: list[Stage] = []
        self.arrived_bytes = 0
        self._staged_bytes = 0
        self.held_bytes = 0
        self.held_total = 0
        self.source_done = False
        self._bulk: Pipe | None = None
        self._is_plain = True
        self._capacity_bytes = 0

    def open(self) -> None:
        """Both sockets are there: read."""
        self._receive_into = self._source.sock.recv_into
        self._send = self._target.sock.send
        self.reconsider()

    def read(self, _events: int) -> None:  # noqa: C901  # one call less for each chunk
        """The source is readable. The hot path of the whole proxy: keep it short."""
        if not self._is_plain:
            self._read_otherwise()
            return
        try:
            count = self._receive_into(SHARED_BUFFER)
        except BlockingIOError:
            return
        except OSError:
            self._source_ended(End.RST)
            return
        if not count:
            self._source_ended(End.FIN)
            return
        self.arrived_bytes += count
        try:
            sent = self._send(_VIEW[:count])
        except BlockingIOError:
            sent = 0
        except OSError:
            self.target_broke()
            return
        if sent < count:
            self.outlet.keep(bytes(_VIEW[sent:count]))
        elif count == _FULL:
            self._begin_bulk()

    def insert(self, stage: Stage) -> None:
        """Add a stage behind the others; what has passed them already is not called back."""
        self.end_bulk()
        if self.stages:
            self.stages[-1].next = stage
        self.stages.append(stage)
        self._is_plain = False
        self.weigh()
        stage.start()
        self.reconsider()

    def weigh(self) -> None:
        """The stages, or what they may hold, are others than before."""
        self._capacity_bytes = max((stage.capacity_bytes for stage in self.stages), default=0)

    def remove(self, toxic: Toxic) -> None:
        """Lift the toxic's stages; each hands on what it holds before it goes."""
        for stage in [stage for stage in self.stages if stage.toxic is toxic]:
            stage.is_lifted = True
            stage.lift()
            if stage in self.stages and not stage.outlives_toxic:  # it may have closed everything
                self._unlink(stage)
        self.reconsider()

    def stop(self) -> None:
        """The connection is closed."""
        self.source_done = True
        for stage in self.stages:
            stage.stop()
        self.stages.clear()
        self.outlet.discard()
        self.end_bulk()

    def reconsider(self) -> None:
        """Read from the source, or leave it unread while too much is on its way."""
        if not self.connection.is_flowing:
            return
        wanted = (
            not self.source_done
            and not self.outlet.finished
            and not self.outlet.backlog_bytes
            and self.held_bytes <= self._capacity_bytes
        )
        self._source.want_reading(wanted=wanted)

    def target_broke(self) -> None:
        """The target takes nothing any more.

        The other link reads from that socket and learns why; when it has ended already nobody
        else will, and the source is told by a reset.
        """
        self.outlet.discard()
        other = self.connection.opposite(self)
        if not other.source_done:
            self.reconsider()
        elif other.outlet.finished:
            self.connection.close(reset=True)

    @property
    def head(self) -> Receiver:
        """Where arriving bytes go first."""
        return self.stages[0] if self.stages else self.outlet

    @property
    def sent_bytes(self) -> int:
        """How many bytes the target's socket has taken."""
        passed = self.arrived_bytes - self._staged_bytes + self.outlet.pushed_bytes
        return passed - self.outlet.backlog_bytes - self.outlet.lost_bytes

    def _begin_bulk(self) -> None:
        self._bulk = self.loop.pipes.take(fd_limit=self.loop.data_fd_limit)
        self._is_plain = self._bulk is None

    def _read_otherwise(self) -> None:
        if self._bulk is not None:
            self._read_bulk(self._bulk)
        else:
            self._read_into_stages()

    def _read_bulk(self, pipe: Pipe) -> None:
        """As ``read``, through the kernel's pipe; a small amount ends it."""
        try:
            count = pipe.fill(self._source.fd)
        except BlockingIOError:
            return
        except OSError:
            self._source_ended(End.RST)
            return
        self.arrived_bytes += count
        if not count:
            self._source_ended(End.FIN)
            return
        self.outlet.send_pipe(pipe)
        if count < _SMALL and not pipe.piped_bytes:
            self.end_bulk()

    def on_pipe_empty(self, pipe: Pipe) -> None:
        """The outlet needs the pipe no more."""
        if self._bulk is not pipe:
            self.loop.pipes.give_back(pipe)

    def end_bulk(self) -> None:
        """Copy from now on. Bytes that are in the pipe have been left to the outlet."""
        pipe, self._bulk = self._bulk, None
        self._is_plain = not self.stages
        if pipe is not None and not self.outlet.owns(pipe):
            self.loop.pipes.give_back(pipe)

    def _read_into_stages(self) -> None:
        try:
            count = self._receive_into(SHARED_BUFFER)
        except BlockingIOError:
            return
        except OSError:
            self._source_ended(End.RST)
            return
        if not count:
            self._source_ended(End.FIN)
            return
        self.arrived_bytes += count
        self._staged_bytes += count
        self.stages[0].push(bytes(_VIEW[:count]))
        self.reconsider()

    def _source_ended(self, how: End) -> None:
        self.source_done = True
        self.reconsider()
        self.head.end(how)

    def _unlink(self, stage: Stage) -> None:
        at = self.stages.index(stage)
        if at:
            self.stages[at - 1].next = stage.next
        del self.stages[at]
        self._is_plain = not self.stages
        self.weigh()
