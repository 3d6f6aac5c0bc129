"""Uploads in an S3-compatible object store."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from blackstart.targets.reference.errors import UnavailableError
from blackstart.targets.reference.reach import first_answer

THREADS = 8


class S3Uploads:
    """Objects in one bucket, created when it is missing.

    boto3 blocks, so it works in threads; it is slow to import, so only when first used.
    """

    def __init__(self, *, endpoint_url: str, bucket: str, limit_s: float) -> None:
        self._endpoint_url = endpoint_url
        self._bucket = bucket
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._client: Any = None
        # Threads of its own: a stalled store must not use up those that hash passwords.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="s3")

    async def put(self, name: str, body: bytes) -> None:
        """Keep an object; raise ``UnavailableError`` when the store is out."""
        await self._in_thread(self._put, name, body)

    async def get(self, name: str) -> bytes | None:
        """Fetch an object; raise ``UnavailableError`` when the store is out."""
        body: bytes | None = await self._in_thread(self._get, name)
        return body

    async def is_reachable(self) -> bool:
        """Whether something at the endpoint speaks HTTP."""
        address = urlsplit(self._endpoint_url)
        tls = address.scheme == "https"
        host = address.hostname or "localhost"
        question = f"HEAD / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode()
        port = address.port or (443 if tls else 80)
        return (await first_answer(host, port, question, tls=tls)).startswith(b"HTTP/")

    async def _in_thread(self, call: Any, *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._translated, call, *arguments)

    def _translated(self, call: Any, *arguments: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return call(*arguments)
        except BotoCoreError as error:
            raise UnavailableError(f"storage: {type(error).__name__}") from error
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                raise UnavailableError(f"storage: {error.response['Error']['Code']}") from error
            raise

    def _put(self, name: str, body: bytes) -> None:
        client = self._connected()
        try:
            client.put_object(Bucket=self._bucket, Key=name, Body=body)
        except client.exceptions.NoSuchBucket:
            client.create_bucket(Bucket=self._bucket)
            client.put_object(Bucket=self._bucket, Key=name, Body=body)

    def _get(self, name: str) -> bytes | None:
        client = self._connected()
        try:
            body: bytes = client.get_object(Bucket=self._bucket, Key=name)["Body"].read()
        except (client.exceptions.NoSuchKey, client.exceptions.NoSuchBucket):
            return None
        return body

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = self._build_client()
            return self._client

    def _build_client(self) -> Any:
        import boto3
        from botocore.config import Config

        config = Config(
            connect_timeout=self._limit_s,
            read_timeout=self._limit_s,
            retries={"total_max_attempts": 1},  # whoever uploads can repeat it; limits stay limits
            s3={"addressing_style": "path"},
        )
        return boto3.client("s3", endpoint_url=self._endpoint_url, config=config)
