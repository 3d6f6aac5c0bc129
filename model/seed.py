"""Every random choice of a run comes from one seed, by a named stream."""

import hashlib
import random


def stream(seed: int, name: str) -> random.Random:
    """A generator of its own for ``name``: adding one stream never shifts another."""
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 - replay, not secrecy
