"""One proxy: a port, an upstream, toxics, the connections through it, and what they saw."""

from blackstart.proxy.address import Address
from blackstart.proxy.connection import Connection
from blackstart.proxy.counters import Counters
from blackstart.proxy.dial import literal_target
from blackstart.proxy.errors import RefusedError, cannot_listen
from blackstart.proxy.events import EventLog
from blackstart.proxy.lease import Lease
from blackstart.proxy.listener import Listener
from blackstart.proxy.loop import Loop
from blackstart.proxy.raw_sockets import RawSocket
from blackstart.proxy.toxic import DOWNSTREAM, UPSTREAM, Toxic
from blackstart.proxy.upstream_watch import UpstreamWatch


class Proxy:
    """Created disabled; ``enable`` takes the port."""

    def __init__(  # noqa: PLR0913  # all keyword-only
        self,
        *,
        loop: Loop,
        events: EventLog,
        seed: int,
        name: str,
        listen: Address,
        upstream: Address,
    ) -> None:
        self.loop = loop
        self.events = events
        self.seed = seed
        self.name = name
        self.listen_address = listen
        self.upstream_address = upstream
        self.upstream_target = literal_target(upstream)
        self.enabled = False
        self.toxics: dict[str, Toxic] = {}
        self.connections: dict[int, Connection] = {}
        self.counters = Counters()
        self._listener = Listener(loop, self._on_accept, self._on_exhausted)
        self._is_bound = False
        self._upstream_watch = UpstreamWatch(self)

    def enable(self) -> None:
        """Take the port and listen; a second time changes nothing.

        Raises:
            RefusedError: 500, the address cannot be listened on.
        """
        if self.enabled:
            return
        try:
            self._take_port()
        except OSError as error:
            raise cannot_listen(f"listen tcp {self.listen_address}: {error.strerror}") from error
        self.enabled = True
        self._upstream_watch.start_afresh()
        self.events.fault("proxy_enabled", proxy=self.name, detail=str(self.listen_address))
        self.reconsider_listening()

    def disable(self) -> None:
        """Refuse new connections, then close all; the port is kept for ``enable``."""
        if not self.enabled:
            return
        self.enabled = False
        self._upstream_watch.start_afresh()
        self._listener.shut()
        closed = len(self.connections)
        self.close_connections(reset=False, why="proxy disabled")
        self.events.fault("proxy_disabled", proxy=self.name, detail=f"{closed} connections closed")

    def move(self, *, listen: Address, upstream: Address) -> None:
        """Listen elsewhere or forward elsewhere; all connections are closed.

        Raises:
            RefusedError: 500, the new address cannot be listened on; then nothing has changed.
        """
        was_enabled = self.enabled
        if listen != self.listen_address:
            listen = self._change_port(listen)
        self.disable()
        self.listen_address, self.upstream_address = listen, upstream
        self.upstream_target = literal_target(upstream)
        if was_enabled:
            self.enable()

    def delete(self) -> None:
        """Close everything and give the port back."""
        for toxic in self.toxics.values():
            if toxic.lease is not None:
                toxic.lease.end()
        self.disable()
        self._release_port()

    def reconsider_listening(self) -> None:
        """Listen, hang or refuse: what being enabled, the toxics and the upstream come to."""
        total = {toxic.kind.name for toxic in self.toxics.values() if toxic.toxicity >= 1}
        if not self.enabled or "refuse" in total or self._upstream_watch.is_lost:
            self._listener.shut()
            return
        try:
            if "hang" in total:
                self._listener.hang()
            else:
                self._listener.open()
        except OSError as error:
            raise cannot_listen(f"listen tcp {self.listen_address}: {error.strerror}") from error

    def add_toxic(self, toxic: Toxic) -> None:
        """Put a toxic to work: on every open connection now, on every new one from the start."""
        self.toxics[toxic.name] = toxic
        if toxic.lease_s is not None:
            toxic.lease = Lease(self.loop, toxic.lease_s, lambda: self._on_lease_expired(toxic))
            toxic.lease.renew()
        self.counters.toxics_added += 1
        self.events.fault("toxic_added", proxy=self.name, toxic=toxic.name, detail=toxic.kind.name)
        toxic.kind.begin(toxic, self)
        for connection in tuple(self.connections.values()):
            connection.attach(toxic)

    def change_toxic(self, toxic: Toxic) -> None:
        """The toxic was given other attributes or another toxicity."""
        self.counters.toxics_updated += 1
        self.events.fault("toxic_updated", proxy=self.name, toxic=toxic.name)
        toxic.kind.change(toxic, self)
        for connection in tuple(self.connections.values()):
            connection.changed(toxic)

    def remove_toxic(self, toxic: Toxic, *, why: str = "") -> None:
        """Lift a toxic everywhere; what it held is handed on before this returns."""
        del self.toxics[toxic.name]
        if toxic.lease is not None:
            toxic.lease.end()
        self.counters.toxics_removed += 1
        for connection in tuple(self.connections.values()):
            connection.detach(toxic)
        self.events.fault("toxic_removed", proxy=self.name, toxic=toxic.name, detail=why)
        toxic.kind.finish(toxic, self)

    def close_connections(self, *, reset: bool, why: str) -> None:
        """Close all, for a reason that is no toxic."""
        for connection in tuple(self.connections.values()):
            self.counters.closed_by_fault += 1
            connection.close(reset=reset, why=why)

    def ordered_toxics(self) -> list[Toxic]:
        """Upstream first, then downstream; each in the order in which they were added."""
        return [
            toxic
            for direction in (UPSTREAM, DOWNSTREAM)
            for toxic in self.toxics.values()
            if toxic.direction == direction
        ]

    def totals(self) -> dict[str, int]:
        """The counters, with what the open connections have seen so far."""
        totals = self.counters.as_json()
        totals["held_now"] = 0
        for connection in self.connections.values():
            upstream, downstream = connection.links.values()
            totals["bytes_upstream"] += upstream.arrived_bytes
            totals["bytes_downstream"] += downstream.arrived_bytes
            totals["sent_upstream"] += upstream.sent_bytes
            totals["sent_downstream"] += downstream.sent_bytes
            totals["held_total"] += upstream.held_total + downstream.held_total
            totals["held_now"] += upstream.held_bytes + downstream.held_bytes
        return totals

    def as_json(self) -> dict[str, object]:
        """As the API shows it. ``Logger`` leaks out of Toxiproxy; clients have seen it there."""
        return {
            "name": self.name,
            "listen": str(self.listen_address),
            "upstream": str(self.upstream_address),
            "enabled": self.enabled,
            "Logger": {},
            "toxics": [toxic.as_json() for toxic in self.ordered_toxics()],
        }

    def note_bite(self, connection: Connection, toxic: Toxic, detail: str) -> None:
        """A toxic did for the first time on a connection what it is for."""
        self.counters.toxics_bit += 1
        self.events.fault(
            "toxic_bit",
            proxy=self.name,
            connection=connection.number,
            toxic=toxic.name,
            detail=detail,
        )

    def note_seen(self, toxic: Toxic, detail: str) -> None:
        """A toxic that works on the port was seen at work by the proxy itself."""
        if self.toxics.get(toxic.name) is toxic:
            self.events.fault("toxic_bit", proxy=self.name, toxic=toxic.name, detail=detail)

    def note_blind(self, connection: Connection, toxic: Toxic, reason: str) -> None:
        """A toxic cannot follow a connection: it does nothing there, and nobody may miss that."""
        self.events.fault(
            "toxic_blind",
            proxy=self.name,
            connection=connection.number,
            toxic=toxic.name,
            detail=reason,
        )

    def note_tls_declined(self, connection: Connection, toxic: Toxic) -> None:
        """A toxic that must read a session told the client that there is no TLS."""
        self.events.fault(
            "tls_declined",
            proxy=self.name,
            connection=connection.number,
            toxic=toxic.name,
            detail="the client asked for TLS, which the toxic could not read, and was told that "
            "there is none; a client that insists on TLS fails here",
        )

    def note_closed_by_fault(self, connection: Connection, toxic: Toxic, detail: str) -> None:
        """A toxic is about to end a connection."""
        self.counters.closed_by_fault += 1
        self.events.fault(
            "connection_broken",
            proxy=self.name,
            connection=connection.number,
            toxic=toxic.name,
            detail=detail,
        )

    def on_closed(self, connection: Connection, why: str) -> None:
        """A connection is over, whoever ended it."""
        counters = self.counters
        upstream, downstream = connection.links.values()
        del self.connections[connection.number]
        counters.open -= 1
        counters.bytes_upstream += upstream.arrived_bytes
        counters.bytes_downstream += downstream.arrived_bytes
        counters.sent_upstream += upstream.sent_bytes
        counters.sent_downstream += downstream.sent_bytes
        counters.held_total += upstream.held_total + downstream.held_total
        self.events.traffic("connection_closed", self.name, connection.number, why)

    def on_upstream_failed(self, connection: Connection, error: OSError) -> None:
        """The upstream could not be reached for a client that was accepted."""
        self.counters.upstream_failed += 1
        self.events.fault(
            "upstream_failed", proxy=self.name, connection=connection.number, detail=str(error)
        )
        self._upstream_watch.on_failed(error)

    def on_upstream_reached(self) -> None:
        """The upstream has accepted a connection."""
        self._upstream_watch.was_seen = True

    def _on_accept(self, client: RawSocket, peer: str) -> None:
        counters = self.counters
        counters.accepted += 1
        counters.open += 1
        connection = Connection(self, counters.accepted, client, peer)
        self.connections[connection.number] = connection
        self.events.traffic("connection_accepted", self.name, connection.number, peer)
        connection.start()

    def _on_lease_expired(self, toxic: Toxic) -> None:
        """Nobody renewed it: its holder is gone, and the fault must not outlive it."""
        self.events.fault(
            "lease_expired", proxy=self.name, toxic=toxic.name, detail=f"{toxic.lease_s:g} s"
        )
        try:
            self.remove_toxic(toxic, why="lease expired")
        except RefusedError as problem:
            self.events.fault("listen_failed", proxy=self.name, detail=problem.message)

    def _on_exhausted(self, error: OSError) -> None:
        self.counters.refused += 1
        self.events.fault("out_of_descriptors", proxy=self.name, detail=str(error))

    def _take_port(self) -> None:
        if self._is_bound:
            self._listener.open()
            return
        self.listen_address = self._listener.bind(self.listen_address)
        self._is_bound = True

    def _change_port(self, listen: Address) -> Address:
        """Have the new port before the old one is given up."""
        fresh = Listener(self.loop, self._on_accept, self._on_exhausted)
        if self.enabled:
            try:
                listen = fresh.bind(listen)
            except OSError as error:
                raise cannot_listen(f"listen tcp {listen}: {error.strerror}") from error
        self._listener.release()
        self._listener, self._is_bound = fresh, self.enabled
        return listen

    def _release_port(self) -> None:
        self._listener.release()
        self._is_bound = False
