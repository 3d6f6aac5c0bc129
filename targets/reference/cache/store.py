"""What keeps entries."""

from typing import Protocol

from blackstart.targets.reference.cache.entry import Entry, Found


class Store(Protocol):
    """Keeps entries by key for a while."""

    async def get(self, key: str) -> Found:
        """Look a key up."""

    async def put(self, key: str, entry: Entry) -> None:
        """Keep an entry; it may be dropped once it is of no use even as a stale copy."""
