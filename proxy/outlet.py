"""The end of a link: what its target socket doesn't take yet waits here."""

from collections import deque
from typing import TYPE_CHECKING

from blackstart.proxy.endpoint import Endpoint
from blackstart.proxy.pipes import Pipe
from blackstart.proxy.stage import End

if TYPE_CHECKING:
    from blackstart.proxy.link import Link

_CHUNKS_PER_WRITE = 64


class Outlet:
    """Writes to the target in order; the link reads nothing more while anything waits here."""

    __slots__ = (
        "_backlog",
        "_end",
        "_link",
        "_pipe",
        "_target",
        "backlog_bytes",
        "finished",
        "lost_bytes",
        "pushed_bytes",
    )

    def __init__(self, link: "Link", target: Endpoint) -> None:
        self._link = link
        self._target = target
        self._backlog: deque[bytes] = deque()
        self._end: End | None = None
        self._pipe: Pipe | None = None
        self.backlog_bytes = 0
        self.pushed_bytes = 0
        self.lost_bytes = 0
        self.finished = False

    def push(self, data: bytes) -> None:
        """Send what the target takes now, keep the rest."""
        if self.finished:
            return
        self.pushed_bytes += len(data)
        sent = 0
        if not self.backlog_bytes:
            try:
                sent = self._target.sock.send(data)
            except BlockingIOError:
                sent = 0
            except OSError:
                self._link.target_broke()
                return
        if sent < len(data):
            self.keep(data[sent:] if sent else data)

    def keep(self, data: bytes) -> None:
        """Wait with ``data`` until the target is writable."""
        if not self.backlog_bytes:
            self._target.want_writing(wanted=True)
        self._backlog.append(data)
        self.backlog_bytes += len(data)
        self._link.reconsider()

    def send_pipe(self, pipe: Pipe) -> None:
        """Send what is in the pipe; what the target doesn't take stays in it."""
        try:
            pipe.drain(self._target.fd)
        except BlockingIOError:
            pass
        except OSError:
            self._link.target_broke()
            return
        if pipe.piped_bytes:
            self._pipe = pipe
            self.backlog_bytes += pipe.piped_bytes
            self._target.want_writing(wanted=True)
            self._link.reconsider()

    def owns(self, pipe: Pipe) -> bool:
        """Whether bytes of this link still wait in the pipe."""
        return self._pipe is pipe

    def end(self, how: End) -> None:
        """End the target's stream behind what still waits; a reset waits for nothing."""
        if self.finished:
            return
        if self.backlog_bytes and how is not End.RST:
            self._end = how
            return
        self.finished = True
        if how is not End.FIN:
            self._link.connection.close(reset=how is End.RST)
            return
        try:
            self._target.end_writing()
        except OSError:
            self._link.target_broke()
        self._link.connection.on_finished()

    def flush(self) -> None:
        """The target is writable again."""
        if self._pipe is not None:
            self._flush_pipe(self._pipe)
            return
        try:
            sent = self._target.sock.sendmsg(
                [self._backlog[n] for n in range(min(len(self._backlog), _CHUNKS_PER_WRITE))]
            )
        except BlockingIOError:
            return
        except OSError:
            self._link.target_broke()
            return
        self._forget_sent(sent)
        self._on_flushed()

    def discard(self) -> None:
        """Nothing can be delivered any more."""
        self.finished = True
        self._backlog.clear()
        self.lost_bytes += self.backlog_bytes
        self.backlog_bytes = 0
        if self._pipe is not None:
            pipe, self._pipe = self._pipe, None
            self._link.on_pipe_empty(pipe)
        self._target.want_writing(wanted=False)

    def _flush_pipe(self, pipe: Pipe) -> None:
        try:
            self.backlog_bytes -= pipe.drain(self._target.fd)
        except BlockingIOError:
            return
        except OSError:
            self._link.target_broke()
            return
        if not pipe.piped_bytes:
            self._pipe = None
            self._link.on_pipe_empty(pipe)
            self._on_flushed()

    def _on_flushed(self) -> None:
        """Nothing of what was flushed last is left: go on with what came behind it."""
        if self.backlog_bytes:
            return
        self._target.want_writing(wanted=False)
        if self._end is not None:
            self.end(self._end)
        self._link.reconsider()

    def _forget_sent(self, sent: int) -> None:
        self.backlog_bytes -= sent
        while sent:
            first = self._backlog[0]
            if len(first) > sent:
                self._backlog[0] = first[sent:]
                return
            sent -= len(first)
            self._backlog.popleft()
