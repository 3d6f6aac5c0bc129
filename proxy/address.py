"""``host:port`` as the API writes it."""

import ipaddress
from typing import NamedTuple


class AddressError(ValueError):
    """Not an address that can be listened on or dialled."""


class Address(NamedTuple):
    """A host (name or number, no brackets) and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse(text: str, *, field: str) -> Address:
    """Read ``host:port``, ``[v6]:port`` or ``:port``; ``field`` names it in the error."""
    host, colon, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if not colon or (":" in host and not bracketed):
        raise AddressError(f"{field}: {text!r} is not host:port")
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise AddressError(f"{field}: the port in {text!r} is not a number from 0 to 65535")
    return Address(host[1:-1] if bracketed else host, int(port))


def literal(host: str) -> str | None:
    """The number that ``host`` is, or None when it is a name that must be looked up."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    if host in {"", "localhost"}:
        return True
    number = literal(host)
    return number is not None and ipaddress.ip_address(number).is_loopback
