"""All proxies of a server, by name, and everything that can be done to them."""

from collections.abc import Collection

from blackstart.proxy.address import Address, AddressError, is_loopback, parse
from blackstart.proxy.catalogue import KINDS
from blackstart.proxy.errors import (
    RefusedError,
    bad_body,
    invalid_stream,
    invalid_toxic_type,
    missing_field,
    proxy_exists,
    proxy_not_found,
    toxic_exists,
    toxic_not_found,
)
from blackstart.proxy.events import EventLog
from blackstart.proxy.fields import FieldError, Share, settle
from blackstart.proxy.lease import check_lease
from blackstart.proxy.loop import Loop
from blackstart.proxy.proxy import Proxy
from blackstart.proxy.requests import ProxyBody, ToxicBody
from blackstart.proxy.toxic import DOWNSTREAM, UPSTREAM, Toxic


class Registry:
    """Checks first, then acts: what is refused has changed nothing."""

    def __init__(
        self, loop: Loop, events: EventLog, *, seed: int, listen_on: Collection[str] = ()
    ) -> None:
        self.proxies: dict[str, Proxy] = {}
        self.events = events
        self._loop = loop
        self._seed = seed
        self._listen_on = frozenset(listen_on)

    def proxy(self, name: str) -> Proxy:
        """The proxy, or 404."""
        try:
            return self.proxies[name]
        except KeyError:
            raise proxy_not_found() from None

    def toxic(self, proxy_name: str, name: str) -> tuple[Proxy, Toxic]:
        """The proxy and its toxic, or 404."""
        proxy = self.proxy(proxy_name)
        try:
            return proxy, proxy.toxics[name]
        except KeyError:
            raise toxic_not_found() from None

    def create(self, body: ProxyBody) -> Proxy:
        """A new proxy, its toxics on it before the first client can connect."""
        if not body.name:
            raise missing_field("name")
        if not body.upstream:
            raise missing_field("upstream")
        if body.name in self.proxies:
            raise proxy_exists()
        toxics = self._new_toxics(body.toxics or [])
        proxy = Proxy(
            loop=self._loop,
            events=self.events,
            seed=self._seed,
            name=body.name,
            listen=self._listen_address(body.listen or ""),
            upstream=address(body.upstream, field="upstream"),
        )
        self.events.fault("proxy_created", proxy=proxy.name, detail=str(proxy.upstream_address))
        for toxic in toxics:
            proxy.add_toxic(toxic)
        if body.enabled is not False:
            proxy.enable()
        self.proxies[proxy.name] = proxy
        return proxy

    def update(self, name: str, body: ProxyBody) -> Proxy:
        """Move, enable or disable; what the body leaves out stays."""
        proxy = self.proxy(name)
        listen = self._listen_address(body.listen) if body.listen else proxy.listen_address
        upstream = proxy.upstream_address
        if body.upstream:
            upstream = address(body.upstream, field="upstream")
        if (listen, upstream) != (proxy.listen_address, proxy.upstream_address):
            proxy.move(listen=listen, upstream=upstream)
        if body.enabled is True:
            proxy.enable()
        elif body.enabled is False:
            proxy.disable()
        return proxy

    def delete(self, name: str) -> None:
        """Close everything of it and forget it."""
        self.proxy(name).delete()
        del self.proxies[name]
        self.events.fault("proxy_deleted", proxy=name)

    def populate(self, bodies: list[ProxyBody]) -> list[Proxy]:
        """Make sure that these exist as described; those that do already are left alone.

        Raises:
            PartlyPopulatedError: one could not be made; it carries those before it.
        """
        for at, body in enumerate(bodies, start=1):
            for field in ("name", "upstream"):
                if not getattr(body, field):
                    raise missing_field(f"{field} at proxy {at}")
            address(body.upstream or "", field="upstream")
            self._listen_address(body.listen or "")
            self._new_toxics(body.toxics or [])
        done: list[Proxy] = []
        for body in bodies:
            try:
                done.append(self._create_or_keep(body))
            except RefusedError as refusal:
                raise PartlyPopulatedError(refusal, done) from refusal
        return done

    def reset(self) -> None:
        """Remove every toxic and enable every proxy; one that cannot listen stops no other."""
        problems: list[RefusedError] = []
        for proxy in self.proxies.values():
            for toxic in tuple(proxy.toxics.values()):
                try:
                    proxy.remove_toxic(toxic, why="reset")
                except RefusedError as refusal:
                    problems.append(refusal)
            try:
                proxy.enable()
            except RefusedError as refusal:
                problems.append(refusal)
        self.events.fault("reset")
        if problems:
            raise problems[0]

    def add_toxic(self, proxy_name: str, body: ToxicBody) -> Toxic:
        """A new toxic on a proxy."""
        proxy = self.proxy(proxy_name)
        toxic = self.new_toxic(body)
        if toxic.name in proxy.toxics:
            raise toxic_exists()
        proxy.add_toxic(toxic)
        return toxic

    def update_toxic(self, proxy_name: str, name: str, body: ToxicBody) -> Toxic:
        """Other attributes (merged) or another toxicity."""
        proxy, toxic = self.toxic(proxy_name, name)
        try:
            attributes = settle(toxic.kind.fields, body.attributes, base=toxic.attributes)
            toxic.kind.validate(attributes)
            toxicity = toxic.toxicity
            if body.toxicity is not None:
                toxicity = float(Share().check("toxicity", body.toxicity))
        except FieldError as problem:
            raise bad_body(str(problem)) from problem
        toxic.attributes, toxic.toxicity = attributes, toxicity
        proxy.change_toxic(toxic)
        return toxic

    def remove_toxic(self, proxy_name: str, name: str) -> None:
        """Lift a toxic."""
        proxy, toxic = self.toxic(proxy_name, name)
        proxy.remove_toxic(toxic)

    def renew(self, proxy_name: str, name: str) -> Toxic:
        """The holder of a leased toxic is alive."""
        _, toxic = self.toxic(proxy_name, name)
        if toxic.lease is None:
            raise bad_body(f"toxic {name!r} has no lease: it was added without lease_s")
        toxic.lease.renew()
        return toxic

    def new_toxic(self, body: ToxicBody) -> Toxic:
        """A toxic out of a body, or the refusal that says what is wrong with it."""
        stream = body.stream or DOWNSTREAM
        if stream.lower() not in {UPSTREAM, DOWNSTREAM}:
            raise invalid_stream()
        kind = KINDS.get(body.type or "")
        if kind is None:
            raise invalid_toxic_type()
        try:
            attributes = settle(kind.fields, body.attributes)
            kind.validate(attributes)
            toxicity = 1.0 if body.toxicity is None else body.toxicity
            toxicity = float(Share().check("toxicity", toxicity))
            lease_s = check_lease(body.lease_s)
        except FieldError as problem:
            raise bad_body(str(problem)) from problem
        return Toxic(
            name=body.name or f"{kind.name}_{stream}",
            kind=kind,
            stream=stream,
            toxicity=toxicity,
            attributes=attributes,
            lease_s=lease_s,
        )

    def close(self) -> None:
        """Close every proxy."""
        for name in tuple(self.proxies):
            self.delete(name)

    def _new_toxics(self, bodies: list[ToxicBody]) -> list[Toxic]:
        toxics = [self.new_toxic(body) for body in bodies]
        if len({toxic.name for toxic in toxics}) < len(toxics):
            raise toxic_exists()
        return toxics

    def _listen_address(self, text: str) -> Address:
        """Where to listen; no host means 127.0.0.1, nothing at all means any free port there."""
        wanted = address(text or ":0", field="listen")
        if not is_loopback(wanted.host) and wanted.host not in self._listen_on:
            raise bad_body(
                f"listen: {wanted.host} is not a loopback address; use 127.0.0.1, "
                "or name it in listen_on of a configuration file that has a token"
            )
        return wanted._replace(host="127.0.0.1") if wanted.host in {"", "localhost"} else wanted

    def _create_or_keep(self, body: ProxyBody) -> Proxy:
        proxy = self.proxies.get(body.name or "")
        if proxy is not None:
            listen = self._listen_address(body.listen or "")
            upstream = address(body.upstream or "", field="upstream")
            if (listen, upstream) == (proxy.listen_address, proxy.upstream_address):
                return proxy
            self.delete(proxy.name)
        return self.create(body)


class PartlyPopulatedError(Exception):
    """Some proxies were made, then one could not be."""

    def __init__(self, refusal: RefusedError, done: list[Proxy]) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal
        self.done = done


def address(text: str, *, field: str) -> Address:
    """``host:port``, or 400."""
    try:
        return parse(text, field=field)
    except AddressError as problem:
        raise bad_body(str(problem)) from problem
