"""One client's connection and the one to the upstream that was made for it."""

import random
import time
from typing import TYPE_CHECKING

from blackstart.proxy.dial import Dial, attempt
from blackstart.proxy.endpoint import Endpoint
from blackstart.proxy.link import Link
from blackstart.proxy.loop import Loop
from blackstart.proxy.raw_sockets import RawSocket
from blackstart.proxy.toxic import DOWNSTREAM, UPSTREAM, Toxic

if TYPE_CHECKING:
    from blackstart.proxy.proxy import Proxy


_RESET_DELAY_S = 0.025
"""So long that a client sees its connect succeed and the reset after it, not both in one."""


class Connection:
    """Two sockets and the two links between them; numbered from 1 within its proxy.

    Toxics work on it from the moment it was accepted. Bytes flow when the upstream has answered.
    """

    __slots__ = (
        "_client",
        "_dial",
        "_is_left_alone",
        "_server",
        "bitten_by",
        "is_flowing",
        "is_new",
        "is_open",
        "links",
        "loop",
        "number",
        "opened_ns",
        "peer",
        "proxy",
    )

    def __init__(self, proxy: "Proxy", number: int, client: RawSocket, peer: str) -> None:
        self.proxy = proxy
        self.loop: Loop = proxy.loop
        self.number = number
        self.peer = peer
        self.opened_ns = time.monotonic_ns()
        self.is_open = True
        self.is_new = True
        self.is_flowing = False
        self.bitten_by: list[str] = []
        self._is_left_alone = False
        self._client = Endpoint(self.loop)
        self._server = Endpoint(self.loop)
        self._client.open(client)
        upstream = Link(self, self._client, self._server)
        downstream = Link(self, self._server, self._client)
        self._client.incoming = self._server.outgoing = upstream
        self._server.incoming = self._client.outgoing = downstream
        self.links = {UPSTREAM: upstream, DOWNSTREAM: downstream}
        self._dial: Dial | None = None

    def start(self) -> None:
        """Let the toxics in, then connect to the upstream."""
        for toxic in tuple(self.proxy.toxics.values()):
            self.attach(toxic)
        self.is_new = False
        if self.is_open and not self._is_left_alone:
            self._connect()

    def attach(self, toxic: Toxic) -> None:
        """Put the toxic to work here, if its toxicity says so for this connection."""
        if self.is_open and self._is_chosen_by(toxic):
            toxic.kind.attach(toxic, self)

    def leave_alone(self) -> None:
        """Never connect to the upstream, and never read: the client hears nothing."""
        self._is_left_alone = True

    def serve_after_all(self) -> None:
        """Connect now, if this client was left alone."""
        if self.is_open and self._is_left_alone:
            self._is_left_alone = False
            self._connect()

    def detach(self, toxic: Toxic) -> None:
        """Lift the toxic; what it holds is handed on."""
        for link in self.links.values():
            link.remove(toxic)

    def changed(self, toxic: Toxic) -> None:
        """The toxic's attributes or toxicity were changed."""
        stages = [stage for link in self.links.values() for stage in link.stages]
        mine = [stage for stage in stages if stage.toxic is toxic]
        if not self._is_chosen_by(toxic):
            self.detach(toxic)
        elif not mine:
            self.attach(toxic)
        for stage in mine:
            stage.changed()

    def opposite(self, link: Link) -> Link:
        """The link of the other direction."""
        upstream, downstream = self.links.values()
        return downstream if link is upstream else upstream

    def on_finished(self) -> None:
        """One direction has ended in good order; with both, the connection is over."""
        if all(link.outlet.finished for link in self.links.values()):
            self.close(reset=False)

    def close_by_fault(self, toxic: Toxic, detail: str, *, reset: bool = False) -> None:
        """A toxic ends the connection."""
        if self.is_open:
            self.proxy.note_closed_by_fault(self, toxic, detail)
            self.close(reset=reset, why=f"toxic {toxic.name}: {detail}")

    def close(self, *, reset: bool, why: str = "") -> None:
        """Close both sockets, with RST or in good order; nothing held is delivered."""
        if not self.is_open:
            return
        self.is_open = self.is_flowing = False
        if self._dial is not None:
            self._dial.cancel()
            self._dial = None
        for link in self.links.values():
            link.stop()
        self._client.close(reset=reset)
        self._server.close(reset=reset)
        self.proxy.on_closed(self, why or ("reset" if reset else "finished"))

    def note_bite(self, toxic: Toxic, detail: str) -> None:
        """A toxic did for the first time here what it is for."""
        self.bitten_by.append(toxic.name)
        self.proxy.note_bite(self, toxic, detail)

    def random_for(self, toxic: Toxic, purpose: str) -> random.Random:
        """Chances that depend on the seed and on names and numbers only, never on timing."""
        return random.Random(  # noqa: S311  # repeatable on purpose
            f"{self.proxy.seed}/{self.proxy.name}/{toxic.name}/{self.number}/{purpose}"
        )

    def as_json(self) -> dict[str, object]:
        """As the API shows it."""
        upstream, downstream = self.links.values()
        return {
            "number": self.number,
            "peer": self.peer,
            "opened_ns": self.opened_ns,
            "connected": self.is_flowing,
            "bytes_upstream": upstream.arrived_bytes,
            "bytes_downstream": downstream.arrived_bytes,
            "held_upstream": upstream.held_bytes,
            "held_downstream": downstream.held_bytes,
            "toxics": [stage.toxic.name for stage in upstream.stages + downstream.stages],
            "bitten_by": self.bitten_by,
        }

    def _is_chosen_by(self, toxic: Toxic) -> bool:
        if toxic.toxicity >= 1:
            return True
        return self.random_for(toxic, "toxicity").random() < toxic.toxicity

    def _connect(self) -> None:
        """Dial; an upstream on the same machine is there at once, with no more ado."""
        target = self.proxy.upstream_target
        begun = None
        if target is not None:
            try:
                begun = attempt(target)
            except OSError as error:
                self._on_dialled(error)
                return
            if begun.is_connected:
                self._on_dialled(begun.sock)
                return
        address = self.proxy.upstream_address
        self._dial = Dial(self.loop, address, self._on_dialled, begun=begun)

    def _on_dialled(self, outcome: RawSocket | OSError) -> None:
        self._dial = None
        if isinstance(outcome, OSError):
            self.proxy.on_upstream_failed(self, outcome)
            why = f"upstream: {outcome}"
            self.loop.after_s(_RESET_DELAY_S, lambda: self.close(reset=True, why=why))
            return
        self.proxy.on_upstream_reached()
        self._server.open(outcome)
        self.is_flowing = True
        for link in self.links.values():
            link.open()
