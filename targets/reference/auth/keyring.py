"""Signing keys and the states they pass through."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class KeyringError(Exception):
    """The key file cannot be used; the message says why and never what a secret is."""


class Key(BaseModel):
    """One key; signs from ``active_at`` (seconds since the epoch) until a newer one is active."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    kid: str = Field(min_length=1)
    secret: str = Field(min_length=32, repr=False)
    active_at: float


class _KeyFile(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    keys: list[Key] = Field(min_length=1)


@dataclass(frozen=True)
class Keyring:
    """All keys, oldest first. A key is published, then active, then retired."""

    keys: tuple[Key, ...]

    def find(self, kid: object) -> Key | None:
        """Look a key up by its id."""
        return next((key for key in self.keys if key.kid == kid), None)

    def signing_key(self, now_s: float) -> Key:
        """Give the newest key that is active already."""
        active = [key for key in self.keys if key.active_at <= now_s]
        if not active:
            raise KeyringError("no key is active yet")
        return active[-1]

    def retired_for_s(self, key: Key, now_s: float) -> float | None:
        """How long ago this key's successor became active; ``None`` while it is not retired."""
        later = (other for other in self.keys if other.active_at > key.active_at)
        successor = next(later, None)
        if successor is None or successor.active_at > now_s:
            return None
        return now_s - successor.active_at


def read_keyring(path: Path, now_s: float) -> Keyring:
    """Read a key file; raise ``KeyringError`` for one that cannot be used now."""
    try:
        file = _KeyFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise KeyringError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        problem = error.errors(include_input=False)[0]
        where = ".".join(str(part) for part in (path, *problem["loc"]))
        raise KeyringError(f"{where}: {problem['msg']}") from None
    keyring = Keyring(tuple(sorted(file.keys, key=lambda key: key.active_at)))
    if len({key.kid for key in keyring.keys}) < len(keyring.keys):
        raise KeyringError(f"{path}: two keys share a kid")
    keyring.signing_key(now_s)
    return keyring
