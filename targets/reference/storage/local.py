"""Uploads on this instance's own disk: gone with the instance."""

import asyncio
import os
import tempfile
from pathlib import Path


class LocalUploads:
    """Files in a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def put(self, name: str, body: bytes) -> None:
        """Write the file whole or not at all."""
        await asyncio.to_thread(self._write, name, body)

    async def get(self, name: str) -> bytes | None:
        """Read the file."""
        return await asyncio.to_thread(self._read, name)

    async def is_reachable(self) -> bool:
        """A disk of our own always answers."""
        return True

    def _write(self, name: str, body: bytes) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._directory, prefix=".new-", delete=False) as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(self._directory / name)

    def _read(self, name: str) -> bytes | None:
        try:
            return (self._directory / name).read_bytes()
        except FileNotFoundError:
            return None
