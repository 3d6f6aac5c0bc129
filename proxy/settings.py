"""The configuration file: proxies with their toxics, and who else may reach the server.

A JSON array is a list of proxies, as Toxiproxy's own. An object may say more::

    {"proxies": [...], "listen_on": ["10.0.0.5"], "token_file": "/run/secrets/proxy-token"}

Only with a token may anything listen elsewhere than on loopback.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from blackstart.proxy.address import is_loopback
from blackstart.proxy.errors import RefusedError
from blackstart.proxy.requests import ProxyBody, decode, proxy_bodies

_SHORTEST_TOKEN = 16
_KNOWN = ("proxies", "listen_on", "token", "token_file")


class SettingsError(Exception):
    """The configuration cannot be used; the text says why."""


class Settings(NamedTuple):
    """What the server is to begin with."""

    proxies: tuple[ProxyBody, ...] = ()
    listen_on: tuple[str, ...] = ()
    """Hosts beside loopback that may be listened on; only together with a token."""
    token: str | None = None


def read_settings(path: Path) -> Settings:
    """Read and check a configuration file.

    Raises:
        SettingsError: it cannot be read, or says what it may not.
    """
    try:
        content = decode(path.read_bytes())
        if isinstance(content, dict):
            return _from_object(content, path)
        return Settings(proxies=tuple(proxy_bodies(content)))
    except OSError as problem:
        raise SettingsError(f"cannot read {path}: {problem.strerror}") from problem
    except RefusedError as problem:
        reason = problem.message.removeprefix("bad request body: ")
        raise SettingsError(f"{path}: {reason}") from problem


def _from_object(content: Mapping[str, object], path: Path) -> Settings:
    unknown = [name for name in content if name not in _KNOWN]
    if unknown:
        raise SettingsError(f"{path}: unknown {unknown[0]!r}; known: {', '.join(_KNOWN)}")
    hosts = content.get("listen_on", [])
    if not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
        raise SettingsError(f"{path}: listen_on must be an array of addresses")
    settings = Settings(
        proxies=tuple(proxy_bodies(content.get("proxies", []))),
        listen_on=tuple(hosts),
        token=_token(content, path),
    )
    if settings.token is None and not all(map(is_loopback, settings.listen_on)):
        raise SettingsError(
            f"{path}: listen_on names an address that others can reach, so a token is needed\n"
            "fix: add token_file, with a file that holds a secret of 16 characters or more"
        )
    return settings


def _token(content: Mapping[str, object], path: Path) -> str | None:
    token = content.get("token")
    file = content.get("token_file")
    if isinstance(file, str):
        try:
            token = (path.parent / file).read_text().strip()
        except OSError as problem:
            raise SettingsError(f"{path}: token_file: {problem.strerror}") from problem
    if token is None:
        return None
    if not isinstance(token, str) or len(token) < _SHORTEST_TOKEN:
        raise SettingsError(f"{path}: the token must be a string of {_SHORTEST_TOKEN} or more")
    return token
