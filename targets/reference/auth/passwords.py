"""Passwords, hashed with Argon2id in threads: hashing takes long on purpose."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Passwords:
    """Hashes and checks; ``cost`` is Argon2's number of passes."""

    def __init__(self, cost: int) -> None:
        # 19 MiB and one lane: OWASP's lower bound for memory, kind to small machines.
        self._hasher = PasswordHasher(time_cost=cost, memory_cost=19 * 1024, parallelism=1)

    async def hash(self, password: str) -> str:
        """Hash a password, with its salt and parameters."""
        return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password_hash: str, password: str) -> bool:
        """Whether this is the password."""
        return await asyncio.to_thread(self._verify, password_hash, password)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
