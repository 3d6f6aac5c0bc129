"""S3, served by SeaweedFS: objects outlive a kill."""

import json
import os
import signal
from pathlib import Path
from typing import ClassVar

from blackstart.stacks import ports, programs
from blackstart.stacks.s3_member import S3Member
from blackstart.warden.process import Process

# The worker inside dials the admin's port plus this, whatever it is told.
ADMIN_GRPC_ABOVE = 10_000
CONFIG = "s3.json"


class S3(S3Member):
    """SeaweedFS in one process, ``weed mini``. Every part of it listens on loopback only.

    It is stopped by SIGKILL even in order: what was acked is safe, and after a SIGTERM its next
    start sometimes takes 6 to 16 s where it otherwise takes 1.
    """

    needs_mib: ClassVar[int] = 256
    ready_limit_s: ClassVar[float] = 20.0
    stop_signal: ClassVar[int] = signal.SIGKILL

    def _choose_ports(self) -> tuple[int, ...]:
        simple = tuple(ports.free() for _ in range(8))
        return (*simple, ports.free(above=ADMIN_GRPC_ABOVE))

    def _fill(self, disk: Path) -> None:
        identity = {
            "name": "blackstart",
            "credentials": [
                {"accessKey": self._credentials.access, "secretKey": self._credentials.secret}
            ],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        config = os.open(disk / CONFIG, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(config, "w") as file:
            json.dump({"identities": [identity]}, file)

    def _spawn(self, disk: Path) -> Process:
        options = {**self._port_options(), **_options(disk)}
        grpc = [f"/tmp/seaweedfs-*-{port}.sock" for port in self._all_ports()]  # noqa: S108 (its own choice)
        return self._warden.spawn(
            [
                programs.weed(),
                "-logtostderr=true",
                "mini",
                *(f"-{k}={v}" for k, v in options.items()),
            ],
            name=self.name,
            env={"PATH": "/usr/bin:/bin", "HOME": str(disk)},
            cwd=disk,
            log=self.log,
            leftovers=grpc,
        )

    def _all_ports(self) -> tuple[int, ...]:
        return (*self._ports, self._ports[-1] + ADMIN_GRPC_ABOVE)

    def _port_options(self) -> dict[str, int]:
        """Every port it would listen on: one left to its default meets another stack's."""
        parts = ("s3", "master", "volume", "filer", "admin")
        names = [f"{part}.{port}" for part in parts for port in ("port", "port.grpc")]
        unused = {"s3.port.iceberg": 0, "s3.port.lance": 0}
        return {**dict(zip(names, self._all_ports(), strict=True)), **unused}


def _options(disk: Path) -> dict[str, str]:
    return {
        "dir": str(disk),
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "s3.config": str(disk / CONFIG),
        "master.telemetry": "false",  # on by default, and it calls home
        # One master alone need not recall who led: while it elects itself anew it turns away the
        # volumes that ask for it, and they ask again only 5 or 15 s later.
        "master.resumeState": "false",
        "master.volumeSizeLimitMB": "64",
        "volume.max": "50",
        "volume.preStopSeconds": "0",
        "webdav": "false",
        "admin.ui": "false",
    }
