"""What the two S3 services share: credentials, a bucket, and the question whether they answer."""

import secrets
from pathlib import Path

from blackstart.stacks.link import ProxyLink
from blackstart.stacks.member import ProcessMember
from blackstart.stacks.s3_requests import REGION, Credentials, request
from blackstart.warden.client import Warden
from blackstart.warden.process import Process

BUCKET = "blackstart"
POLL_LIMIT_S = 1.0
_MADE = (200, 409)  # 409: it was there already


class S3Member(ProcessMember):
    """An S3 service with one bucket; its credentials are new in each run."""

    def __init__(self, name: str, warden: Warden, log: Path, link: ProxyLink) -> None:
        """Nothing runs until ``start``."""
        super().__init__(name, warden, log, link)
        self._credentials = Credentials(
            access=secrets.token_hex(10).upper(), secret=secrets.token_urlsafe(30)
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secret key."""
        return (self._credentials.secret,)

    def addresses(self) -> dict[str, str]:
        """``url``, ``host``, ``port``, ``access_key``, ``secret_key``, ``bucket``, ``region``."""
        return {
            "url": f"http://127.0.0.1:{self.proxied_port}",
            "host": "127.0.0.1",
            "port": str(self.proxied_port),
            "access_key": self._credentials.access,
            "secret_key": self._credentials.secret,
            "bucket": BUCKET,
            "region": REGION,
        }

    def _serves(self, process: Process) -> bool:
        """Whether the bucket is there and takes an object: the first write makes its storage."""
        probe = f"/{BUCKET}/.blackstart-ready"
        return (
            process.alive()
            and self._status("PUT", f"/{BUCKET}") in _MADE
            and self._status("PUT", probe, b"ready") == 200
            and self._status("DELETE", probe) == 204
        )

    def _status(self, method: str, path: str, body: bytes = b"") -> int | None:
        port = self.direct_port
        try:
            return request(method, port, path, self._credentials, limit_s=POLL_LIMIT_S, body=body)
        except OSError:
            return None

    def _ask(self, port: int, limit_s: float) -> bool:
        return request("HEAD", port, f"/{BUCKET}", self._credentials, limit_s=limit_s) == 200
