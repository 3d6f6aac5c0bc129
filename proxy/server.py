"""The whole server: a loop, the control API and the proxies."""

import gc
import signal
import socket
from collections.abc import Callable

from blackstart.proxy.address import Address
from blackstart.proxy.control.api import Api
from blackstart.proxy.control.server import ControlServer
from blackstart.proxy.descriptors import raise_descriptor_limit
from blackstart.proxy.events import EventLog
from blackstart.proxy.loop import Loop
from blackstart.proxy.poller import READ
from blackstart.proxy.registry import Registry


class Server:
    """Everything that one process of the proxy has; runs in the thread that calls ``run``."""

    def __init__(self, *, seed: int) -> None:
        self.loop = Loop()
        self.events = EventLog()
        self.registry = Registry(self.loop, self.events, seed=seed)
        self._control = ControlServer(self.loop, Api(self.registry, self.events).answer)
        self.events.fault("server_started", detail=f"seed {seed}")

    def bind(self, address: Address) -> Address:
        """Take the control API's port.

        Raises:
            OSError: it cannot be had.
        """
        return self._control.bind(address)

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, then close everything."""
        raise_descriptor_limit()
        _stop_on_signals(self.loop, self.loop.stop)
        gc.freeze()  # what is here now stays: the collector need not look at it again
        try:
            self.loop.run()
        finally:
            self.close()

    def close(self) -> None:
        """Give every port and socket back."""
        self.registry.close()
        self._control.close()
        self.loop.close()


def _stop_on_signals(loop: Loop, stop: Callable[[], None]) -> None:
    """A signal wakes the loop through a descriptor, so that no wait can miss it."""
    reader, writer = socket.socketpair()
    reader.settimeout(0)
    writer.settimeout(0)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)
    signal.set_wakeup_fd(writer.detach())

    def on_signal(_events: int) -> None:
        reader.recv(16)
        stop()

    loop.watch(reader.fileno(), READ, on_signal)
