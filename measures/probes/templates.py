"""Requests from templates: the same seed and number give the same request, byte for byte."""

import re
from random import Random
from typing import Any
from uuid import UUID

from blackstart.model.seed import stream

_FIELD = re.compile(r"\{(seq|uuid|user|name|secret|access|refresh)\}")
_TEXT = re.compile(r"\{text:(\d+)\}")


def values(seed: int, role: str, seq: int, user: int) -> dict[str, object]:
    """What ``{seq}``, ``{uuid}`` and ``{user}`` stand for in request number ``seq`` of ``role``."""
    return {"seq": seq, "uuid": _uuid(stream(seed, f"uuid/{role}/{seq}")), "user": user}


def _uuid(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def fill(template: Any, known: dict[str, object]) -> Any:
    """``template`` with its fields filled in; a lone ``"{seq}"`` becomes a number."""
    match template:
        case str():
            return _fill_text(template, known)
        case dict():
            return {key: fill(value, known) for key, value in template.items()}
        case list() | tuple():
            return [fill(value, known) for value in template]
        case _:
            return template


def _fill_text(text: str, known: dict[str, object]) -> object:
    if text == "{seq}":
        return known["seq"]
    text = _TEXT.sub(lambda m: "x" * int(m[1]), text)
    return _FIELD.sub(lambda m: str(known.get(m[1], m[0])), text)


def body(seed: int, role: str, seq: int, size: int) -> bytes:
    """The bytes that request ``seq`` of ``role`` uploads, and that must come back."""
    return stream(seed, f"body/{role}/{seq}").randbytes(size)
