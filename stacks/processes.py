"""A stack of local processes: services, and one fault proxy before them."""

import json
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Self

from blackstart.model.capabilities import Members
from blackstart.model.configuration import MemberConfig
from blackstart.model.errors import ConfigurationError, StartError, nearest
from blackstart.stacks import ports
from blackstart.stacks.link import ProxyLink
from blackstart.stacks.member import ProcessMember
from blackstart.stacks.postgres import Postgres
from blackstart.stacks.proxies import Proxies, configured_port_taken
from blackstart.stacks.redis import Redis
from blackstart.stacks.s3 import S3
from blackstart.stacks.s3_light import S3Light
from blackstart.warden.client import Warden

KINDS: dict[str, type[ProcessMember]] = {"postgres": Postgres, "redis": Redis, "s3": S3}
MIB = 1 << 20


class ProcessStack:
    """The services that ``needs`` names, each behind a link of one proxy.

    ``start()`` and ``stop()``, or a ``with`` block. A member's configured port is the one its
    clients use, which is the proxy's; the service itself listens elsewhere.
    """

    def __init__(
        self,
        warden: Warden,
        *,
        needs: Sequence[str],
        configs: Mapping[str, MemberConfig] | None = None,
        durable: bool = False,
    ) -> None:
        """Nothing runs until ``start``. With ``durable``, Postgres keeps fsync on."""
        self._configs = {name: (configs or {}).get(name, MemberConfig()) for name in needs}
        self._warden, self._durable = warden, durable
        self._logs = warden.directory("logs")
        self._proxies = Proxies(warden, self._logs / "proxy.log")
        self._members = {name: self._make(name) for name in needs}

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def members(self) -> Members:
        """The services by name, for faults and recovery."""
        return Members(self._members)

    @property
    def addresses(self) -> dict[str, str]:
        """``{"postgres.url": …}``: where clients reach each member, always by way of the proxy."""
        return {
            f"{name}.{part}": value
            for name, member in self._members.items()
            for part, value in member.addresses().items()
        }

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be written into a result."""
        return tuple(secret for member in self._members.values() for secret in member.secrets)

    def start(self) -> None:
        """Start all at once; returns when each serves. Raises ``StartError``, leaving nothing."""
        self._check_ports()
        self._check_space()
        try:
            self._start_all()
            for name, member in self._members.items():
                port = self._configs[name].port
                member.proxied_port = self._proxies.lay(
                    name, upstream_port=member.direct_port, port=port
                )
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Kill all of it and remove what it stored. Safe to call twice."""
        for member in self._members.values():
            member.end()
        self._proxies.stop()

    def lend(self) -> str:
        """What ``stacks.lent.lent`` needs to reach the members from another process, as JSON."""
        urls = {
            name: member.direct_url() if isinstance(member, Postgres) else None
            for name, member in self._members.items()
        }
        return json.dumps({"proxy": self._proxies.client().base_url, "members": urls})

    def _start_all(self) -> None:
        starts = [self._proxies.start, *(member.start for member in self._members.values())]
        with ThreadPoolExecutor(len(starts), thread_name_prefix="start") as pool:
            started = [pool.submit(start) for start in starts]
            try:
                done, _ = wait(started, return_when=FIRST_EXCEPTION)
                for future in done:
                    future.result()
            except BaseException:
                self.stop()  # or leaving the pool would wait for what is still starting
                raise

    def _make(self, name: str) -> ProcessMember:
        config = self._configs[name]
        kind = config.kind or name
        if kind not in KINDS:
            raise ConfigurationError(
                f"no kind of service is called {kind!r}",
                exists=nearest(kind, KINDS),
                fix=f'use one of these, or say [members.{name}] kind = "postgres"',
            )
        log = self._logs / f"{name}.log"
        link = ProxyLink(self._proxies.client, name)
        if kind == "postgres":
            return Postgres(name, self._warden, log, link, durable=self._durable)
        if kind == "s3" and config.light:
            return S3Light(name, self._warden, log, link)
        return KINDS[kind](name, self._warden, log, link)

    def _check_ports(self) -> None:
        for name, config in self._configs.items():
            if config.port is not None and ports.taken(config.port):
                raise configured_port_taken(name, config.port)

    def _check_space(self) -> None:
        wanted = sum(member.needs_mib for member in self._members.values())
        check_space(self._warden.root, needs_mib=wanted)


def check_space(directory: Path, *, needs_mib: int) -> None:
    """Raise ``StartError`` unless ``directory`` has room for what the members need."""
    free_mib = shutil.disk_usage(directory).free // MIB
    if free_mib < needs_mib:
        raise StartError(
            f"no space for the stack: it needs {needs_mib} MiB, {free_mib} MiB are free",
            exists=f"its disks are to lie in {directory}",
            fix="free some, or set TMPDIR to a directory with room that every user can enter",
        )
