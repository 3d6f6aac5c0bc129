"""The whole server: a loop, the control API and the proxies."""

import gc
import signal
import socket
import traceback
from collections.abc import Callable

from blackstart.proxy.address import Address, is_loopback
from blackstart.proxy.connection import Connection
from blackstart.proxy.control.api import Api
from blackstart.proxy.control.server import ControlServer
from blackstart.proxy.descriptors import KEPT_FOR_CONTROL, raise_descriptor_limit
from blackstart.proxy.endpoint import Endpoint
from blackstart.proxy.errors import RefusedError
from blackstart.proxy.events import EventLog
from blackstart.proxy.link import Link
from blackstart.proxy.loop import Loop
from blackstart.proxy.poller import READ, Poller
from blackstart.proxy.registry import Registry
from blackstart.proxy.settings import Settings

_NONE = Settings()
_OBJECTS_PER_COLLECTION = 20_000


class Server:
    """Everything that one process of the proxy has; runs in the thread that calls ``run``."""

    def __init__(
        self,
        *,
        seed: int,
        settings: Settings = _NONE,
        has_metrics: bool = False,
        poller: Poller | None = None,
    ) -> None:
        self.loop = Loop(poller)
        self.events = EventLog()
        self.registry = Registry(self.loop, self.events, seed=seed, listen_on=settings.listen_on)
        api = Api(self.registry, self.events, token=settings.token, has_metrics=has_metrics)
        self._control = ControlServer(self.loop, api.answer)
        self._settings = settings
        self.loop.on_defect = self._on_defect
        self.events.fault("server_started", detail=f"seed {seed}")

    def bind(self, address: Address) -> Address:
        """Create the configured proxies and take the control API's port.

        Raises:
            OSError: the API's port cannot be had.
            RefusedError: a configured proxy cannot be made.
        """
        if not is_loopback(address.host) and address.host not in self._settings.listen_on:
            raise RefusedError(
                400,
                f"{address.host} is not a loopback address\n"
                "fix: use 127.0.0.1, or name it in listen_on of a -config file that has a token",
            )
        bound = self._control.bind(address)
        for body in self._settings.proxies:
            self.registry.create(body)
        return bound

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, then close everything."""
        self.loop.data_fd_limit = raise_descriptor_limit() - KEPT_FOR_CONTROL
        _stop_on_signals(self.loop, self.loop.stop)
        gc.freeze()  # what is here now stays: the collector need not look at it again
        gc.set_threshold(_OBJECTS_PER_COLLECTION, 10, 10)
        try:
            self.loop.run()
        finally:
            self.close()

    def _on_defect(self, handler: object, defect: Exception) -> None:
        """A defect costs one connection, not the server; it is written down where all see it."""
        traceback.print_exception(defect)
        self.events.fault("defect", detail=repr(defect))
        connection = _connection_of(handler)
        if connection is not None:
            connection.close(reset=True, why=f"a defect of the proxy server: {defect!r}")

    def close(self) -> None:
        """Give every port and socket back."""
        self.registry.close()
        self._control.close()
        self.loop.close()


def _connection_of(handler: object) -> Connection | None:
    """Whose event it was, when it was a connection's."""
    owner = getattr(handler, "__self__", None)
    if isinstance(owner, Endpoint):
        owner = owner.incoming
    return owner.connection if isinstance(owner, Link) else None


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
