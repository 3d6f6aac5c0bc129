"""What a client's JSON asks for, checked for type; Go's leniency where clients rely on it."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from blackstart.proxy.errors import bad_body


class ToxicBody(NamedTuple):
    """A toxic as it was sent; None is "not given"."""

    name: str | None
    type: str | None
    stream: str | None
    toxicity: float | None
    attributes: Mapping[str, object]
    lease_s: float | None


class ProxyBody(NamedTuple):
    """A proxy as it was sent; None is "not given"."""

    name: str | None
    listen: str | None
    upstream: str | None
    enabled: bool | None
    toxics: list[ToxicBody] | None


def decode(body: bytes) -> object:
    """The first JSON value of the body; like Go's decoder, nothing behind it is looked at."""
    try:
        text = body.decode("utf-8").lstrip(" \t\r\n")
        if not text:
            raise bad_body("EOF")
        value, _ = json.JSONDecoder(parse_constant=_no_constant).raw_decode(text)
    except (ValueError, RecursionError) as problem:
        raise bad_body(str(problem)) from problem
    return value


def proxy_body(value: object) -> ProxyBody:
    """Read a proxy."""
    fields = _object(value, "a proxy")
    toxics = fields.get("toxics")
    return ProxyBody(
        name=_text(fields, "name"),
        listen=_text(fields, "listen"),
        upstream=_text(fields, "upstream"),
        enabled=_flag(fields, "enabled"),
        toxics=None
        if toxics is None
        else [toxic_body(toxic) for toxic in _array(toxics, "toxics")],
    )


def proxy_bodies(value: object) -> list[ProxyBody]:
    """Read a list of proxies."""
    return [proxy_body(entry) for entry in _array(value, "the body")]


def toxic_body(value: object) -> ToxicBody:
    """Read a toxic."""
    fields = _object(value, "a toxic")
    attributes = fields.get("attributes")
    return ToxicBody(
        name=_text(fields, "name"),
        type=_text(fields, "type"),
        stream=_text(fields, "stream"),
        toxicity=_number(fields, "toxicity"),
        attributes={} if attributes is None else _object(attributes, "attributes"),
        lease_s=_number(fields, "lease_s"),
    )


def _object(value: object, what: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise bad_body(f"{what} must be a JSON object, not {_shown(value)}")
    return {str(name).lower(): entry for name, entry in value.items()}


def _array(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise bad_body(f"{what} must be a JSON array, not {_shown(value)}")
    return value


def _text(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_body(f"{name} must be a string, not {_shown(value)}")
    return value


def _flag(fields: Mapping[str, object], name: str) -> bool | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, bool):
        raise bad_body(f"{name} must be true or false, not {_shown(value)}")
    return value


def _number(fields: Mapping[str, object], name: str) -> float | None:
    value = fields.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise bad_body(f"{name} must be a number, not {_shown(value)}")
    return value


def _shown(value: object) -> str:
    return json.dumps(value)[:80]


def _no_constant(name: str) -> object:
    raise ValueError(f"invalid number {name}")
