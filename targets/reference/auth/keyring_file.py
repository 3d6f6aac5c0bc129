"""The key file, read again whenever it changes."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from blackstart.targets.reference.auth.keyring import Keyring, KeyringError, read_keyring

logger = logging.getLogger(__name__)

_Signature = tuple[int, int, int]


class KeyringFile:
    """The newest usable keyring; ``clock`` is the wall clock, in seconds.

    Operators replace the file atomically. It is looked at on every use: one system call, and a
    rotation counts from the next request on. A broken file changes nothing but the log.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._seen = self._signature()
        self._keyring = read_keyring(path, clock())

    def current(self) -> Keyring:
        """Give the keyring as the file has it now, or the last good one."""
        signature = self._signature()
        if signature != self._seen:
            self._seen = signature
            self._reload()
        return self._keyring

    def _reload(self) -> None:
        try:
            self._keyring = read_keyring(self._path, self._clock())
        except KeyringError as error:
            logger.warning("keyring not changed: %s", error)
        else:
            kids = ", ".join(key.kid for key in self._keyring.keys)
            logger.info("keyring read: %s", kids)

    def _signature(self) -> _Signature | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino, status.st_size
