"""A stack's members as another process reaches them: by address, and only to hold conditions."""

import json

from blackstart.model.capabilities import Member, Members
from blackstart.proxy.client import ProxyClient
from blackstart.stacks.leases import LEASE_S
from blackstart.stacks.link import ProxyLink
from blackstart.stacks.session import Session


class Lent:
    """A member that somebody else runs. It is ``Proxied``."""

    def __init__(self, name: str, link: ProxyLink) -> None:
        """Reached by clients over ``link``."""
        self.name, self.link = name, link


class LentSql(Lent):
    """Also ``Sql``."""

    def __init__(self, name: str, link: ProxyLink, url: str) -> None:
        """Asked at ``url``, past the proxy."""
        super().__init__(name, link)
        self._url = url
        self._session = Session(self.direct_url)

    def query(
        self, statement: str, parameters: tuple[object, ...] = (), *, limit_s: float = 5.0
    ) -> list[tuple[object, ...]]:
        """Rows of one statement; see ``Session.query``."""
        return self._session.query(statement, parameters, limit_s=limit_s)

    def direct_url(self) -> str:
        """The URL of the target's database, past the proxy."""
        return self._url


def lent(loan: str, *, lease_s: float = LEASE_S) -> Members:
    """The members of the stack whose ``ProcessStack.lend()`` said ``loan``."""
    said = json.loads(loan)
    client = ProxyClient(said["proxy"])
    return Members(
        {
            name: _member(name, ProxyLink(lambda: client, name, lease_s=lease_s), url)
            for name, url in said["members"].items()
        }
    )


def _member(name: str, link: ProxyLink, url: str | None) -> Member:
    return Lent(name, link) if url is None else LentSql(name, link, url)
