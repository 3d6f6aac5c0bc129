"""What keeps uploads."""

from typing import Protocol


class UploadStore(Protocol):
    """Keeps bytes by name."""

    async def put(self, name: str, body: bytes) -> None:
        """Keep ``body``; returning means it is kept. Raises ``UnavailableError``."""

    async def get(self, name: str) -> bytes | None:
        """Give the bytes, or ``None`` when there are none. Raises ``UnavailableError``."""

    async def is_reachable(self) -> bool:
        """Whether the store answers at all; cheap, and bounded by the caller."""
