"""Signed requests to an S3 service: the four that a stack needs, without a driver's start-up time.

The signature is AWS Signature Version 4, as the AWS General Reference describes it.
"""

import hashlib
import hmac
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

REGION = "us-east-1"
_ALGORITHM = "AWS4-HMAC-SHA256"
_SIGNED = "host;x-amz-content-sha256;x-amz-date"


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """An access key; ``secret`` is never shown."""

    access: str
    secret: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"Credentials(access={self.access!r})"


def request(  # noqa: PLR0913 (what a request has)
    method: str,
    port: int,
    path: str,
    credentials: Credentials,
    *,
    limit_s: float,
    body: bytes = b"",
) -> int:
    """The status that 127.0.0.1:``port`` answers with. Raises ``OSError`` if there is no answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=limit_s)
    try:
        headers = _signed(method, f"127.0.0.1:{port}", path, credentials, body)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
    except HTTPException as error:
        raise ConnectionError(f"{method} {path}: {error!r}") from error
    finally:
        connection.close()
    return response.status


def _signed(
    method: str, host: str, path: str, credentials: Credentials, body: bytes
) -> dict[str, str]:
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    digest = hashlib.sha256(body).hexdigest()
    canonical = "\n".join(
        (method, path, "", f"host:{host}", f"x-amz-content-sha256:{digest}", f"x-amz-date:{now}")
    )
    canonical += f"\n\n{_SIGNED}\n{digest}"
    scope = f"{now[:8]}/{REGION}/s3/aws4_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"AWS4{credentials.secret}".encode()
    for part in (*scope.split("/"), f"{_ALGORITHM}\n{now}\n{scope}\n{hashed}"):
        key = hmac.digest(key, part.encode(), "sha256")
    return {
        "Host": host,
        "x-amz-content-sha256": digest,
        "x-amz-date": now,
        "Authorization": (
            f"{_ALGORITHM} Credential={credentials.access}/{scope}, "
            f"SignedHeaders={_SIGNED}, Signature={key.hex()}"
        ),
    }
