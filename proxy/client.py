"""A small typed client of the proxy's API. Thread-safe; every call has a time limit."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

AttributeValue = int | float | str | bool


class ProxyError(Exception):
    """The proxy server said no; ``status`` is its HTTP status, ``reason`` its own words."""

    def __init__(self, message: str, *, status: int, reason: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


class ProxyUnreachableError(Exception):
    """The proxy server did not answer."""


@dataclass(frozen=True, kw_only=True)
class Toxic:
    """One fault on one proxy. ``name`` is ``<type>_<stream>`` unless given."""

    type: str
    name: str = ""
    stream: str = "downstream"
    toxicity: float = 1.0
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    lease_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """A proxy as the server has it; ``listen`` and ``upstream`` are ``host:port``."""

    name: str
    listen: str
    upstream: str
    enabled: bool
    toxics: tuple[Toxic, ...]

    @property
    def host(self) -> str:
        """Where clients connect."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """Where clients connect."""
        return int(self.listen.rpartition(":")[2])


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened in the proxy; ``t_ns`` is CLOCK_MONOTONIC."""

    id: int
    t_ns: int
    kind: str
    proxy: str | None
    connection: int | None
    toxic: str | None
    detail: str


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One open connection through a proxy. Bytes are counted as they arrive at the proxy."""

    number: int
    peer: str
    opened_ns: int
    connected: bool
    bytes_upstream: int
    bytes_downstream: int
    held_upstream: int
    held_downstream: int
    toxics: tuple[str, ...]
    bitten_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Connections:
    """The open connections of a proxy, and its counters by name."""

    counters: Mapping[str, int]
    connections: tuple[Connection, ...]


class ProxyClient:
    """Calls the API at ``base_url``; each call is one HTTP request of at most ``timeout_s``."""

    def __init__(self, base_url: str, *, timeout_s: float = 5.0, token: str | None = None) -> None:
        split = urlsplit(base_url)
        if split.scheme != "http" or not split.hostname:
            raise ValueError(f"{base_url!r} is no http:// address, such as http://127.0.0.1:8474")
        self.base_url = base_url
        self.timeout_s = timeout_s
        self._host = split.hostname
        self._port = split.port or 80
        self._headers = {"Content-Type": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"

    def wait_ready(self, limit_s: float = 5.0) -> None:
        """Return as soon as the server answers.

        Raises:
            ProxyUnreachableError: it did not within ``limit_s``.
        """
        end_s = time.monotonic() + limit_s
        while True:
            try:
                self.version()
            except ProxyUnreachableError as problem:
                if time.monotonic() >= end_s:
                    raise ProxyUnreachableError(
                        f"not ready in {limit_s:g} s: {problem}"
                    ) from problem
                time.sleep(0.005)
            else:
                return

    def version(self) -> str:
        """The Toxiproxy release whose API the server speaks."""
        return str(self._call("GET", "/version")["version"])

    def create(
        self,
        name: str,
        upstream: str,
        listen: str = "127.0.0.1:0",
        *,
        enabled: bool = True,
        toxics: Sequence[Toxic] = (),
    ) -> Proxy:
        """A new proxy; its toxics are on before the first client can connect."""
        body = {
            "name": name,
            "upstream": upstream,
            "listen": listen,
            "enabled": enabled,
            "toxics": [_toxic_body(toxic) for toxic in toxics],
        }
        return _proxy(self._call("POST", "/proxies", body))

    def proxies(self) -> dict[str, Proxy]:
        """All proxies by name."""
        return {name: _proxy(entry) for name, entry in self._call("GET", "/proxies").items()}

    def get(self, name: str) -> Proxy:
        """One proxy."""
        return _proxy(self._call("GET", _path(name)))

    def enable(self, name: str) -> Proxy:
        """Listen again, on the same port."""
        return _proxy(self._call("PATCH", _path(name), {"enabled": True}))

    def disable(self, name: str) -> Proxy:
        """Refuse new connections and close all open ones."""
        return _proxy(self._call("PATCH", _path(name), {"enabled": False}))

    def delete(self, name: str) -> None:
        """Disable and forget it."""
        self._call("DELETE", _path(name))

    def add_toxic(  # noqa: PLR0913  # as many as a toxic has
        self,
        proxy: str,
        type: str,  # noqa: A002  # the API's word
        *,
        name: str | None = None,
        stream: str = "downstream",
        toxicity: float = 1.0,
        attributes: Mapping[str, AttributeValue] | None = None,
        lease_s: float | None = None,
    ) -> Toxic:
        """Put a toxic on a proxy; it works on every open connection when this returns.

        With ``lease_s`` it ends by itself unless ``renew`` is called in time, again and again.
        """
        toxic = Toxic(
            type=type,
            name=name or "",
            stream=stream,
            toxicity=toxicity,
            attributes=attributes or {},
            lease_s=lease_s,
        )
        return _toxic(self._call("POST", _path(proxy, "toxics"), _toxic_body(toxic)))

    def update_toxic(
        self,
        proxy: str,
        name: str,
        *,
        toxicity: float | None = None,
        attributes: Mapping[str, AttributeValue] | None = None,
    ) -> Toxic:
        """Change what is given of a toxic, on open connections too."""
        body = {"toxicity": toxicity, "attributes": dict(attributes or {})}
        return _toxic(self._call("PATCH", _path(proxy, "toxics", name), body))

    def renew(self, proxy: str, name: str) -> Toxic:
        """Let the lease of a toxic run anew."""
        return _toxic(self._call("POST", _path(proxy, "toxics", name, "renew")))

    def remove_toxic(self, proxy: str, name: str) -> None:
        """Lift a toxic; what it held has been handed on when this returns."""
        self._call("DELETE", _path(proxy, "toxics", name))

    def reset(self) -> None:
        """Enable every proxy and remove every toxic."""
        self._call("POST", "/reset")

    def events(self, since: int = 0) -> list[Event]:
        """What happened after event ``since``, oldest first."""
        entries = self._call("GET", f"/events?since={since}")["events"]
        return [Event(**entry) for entry in entries]

    def connections(self, proxy: str) -> Connections:
        """The open connections of a proxy and its counters."""
        answer = self._call("GET", _path(proxy, "connections"))
        return Connections(
            counters=answer["counters"],
            connections=tuple(_connection(entry) for entry in answer["connections"]),
        )

    def _call(self, method: str, path: str, body: object = None) -> Any:
        connection = HTTPConnection(self._host, self._port, timeout=self.timeout_s)
        try:
            content = None if body is None else json.dumps(body).encode()
            connection.request(method, path, content, self._headers)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException) as problem:
            raise ProxyUnreachableError(
                f"{method} {path}: no answer from the proxy server at {self.base_url}: {problem}\n"
                "fix: is it running? start it with 'blackstart proxy'"
            ) from problem
        finally:
            connection.close()
        if response.status >= 400:
            raise self._error(f"{method} {path}", response.status, answer)
        return json.loads(answer) if answer else None

    def _error(self, what: str, status: int, answer: bytes) -> ProxyError:
        text = answer.decode(errors="replace").strip()
        try:
            reason = str(json.loads(text)["error"])
        except (ValueError, KeyError, TypeError):
            reason = text or f"status {status}"
        message = f"{what}: {reason} (status {status})"
        if reason in {"proxy not found", "proxy already exists"}:
            message += f"\nproxies: {', '.join(self.proxies()) or 'none'}"
        return ProxyError(message, status=status, reason=reason)


def _path(*parts: str) -> str:
    return "/proxies/" + "/".join(quote(part, safe="") for part in parts)


def _toxic_body(toxic: Toxic) -> dict[str, object]:
    return {
        "name": toxic.name,
        "type": toxic.type,
        "stream": toxic.stream,
        "toxicity": toxic.toxicity,
        "attributes": dict(toxic.attributes),
        "lease_s": toxic.lease_s,
    }


def _toxic(entry: Mapping[str, Any]) -> Toxic:
    known = ("name", "type", "stream", "toxicity", "attributes")
    return Toxic(**{name: entry[name] for name in known}, lease_s=entry.get("lease_s"))


def _proxy(entry: Mapping[str, Any]) -> Proxy:
    return Proxy(
        name=entry["name"],
        listen=entry["listen"],
        upstream=entry["upstream"],
        enabled=entry["enabled"],
        toxics=tuple(_toxic(toxic) for toxic in entry["toxics"]),
    )


def _connection(entry: Mapping[str, Any]) -> Connection:
    lists = {name: tuple(entry[name]) for name in ("toxics", "bitten_by")}
    return Connection(**{**entry, **lists})
