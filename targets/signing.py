"""The signing keys of a target: a file for each instance, replaced atomically as operators do."""

import json
import secrets
import time
from pathlib import Path

from blackstart.model.configuration import SigningConfig


class Keyring:
    """Keys in the order of their publication; every instance has a copy of its own."""

    def __init__(self, config: SigningConfig, files: list[Path]) -> None:
        """Keys laid out as ``config`` says, in ``files``."""
        self._config, self._files = config, files
        self._keys: list[dict[str, object]] = []

    def begin(self) -> str:
        """Give every instance a first key, active since an hour ago."""
        return self._add(active_at_s=time.time() - 3600)

    def publish(self, *, active_in_s: float, late_by_s: float) -> str:
        """Give all but the last instance a new key at once, and the last one ``late_by_s`` later.

        Blocks until all have it. Returns the new key's id.
        """
        kid = self._add(active_at_s=time.time() + active_in_s, to=self._files[:-1])
        if len(self._files) > 1:
            time.sleep(late_by_s)
        self._write(self._files[-1:])
        return kid

    def _add(self, *, active_at_s: float, to: list[Path] | None = None) -> str:
        kid = f"k{len(self._keys) + 1}-{secrets.token_hex(3)}"
        known = {"kid": kid, "secret": secrets.token_urlsafe(48), "active_at": active_at_s}
        self._keys.append({key: known[what] for key, what in self._config.entry.items()})
        self._write(self._files if to is None else to)
        return kid

    def _write(self, files: list[Path]) -> None:
        text = json.dumps({self._config.list: self._keys})
        for file in files:
            fresh = file.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(text)
            fresh.replace(file)
