"""Secrets taken out of texts before they are written anywhere.

No secret should come this far; this is the last net, not the first. It errs on the side of hiding.
"""

import re
from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from blackstart.model.result import Record

HIDDEN = "***"

_SECRETISH = (
    r"pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|authorization|cookie|"
    r"(?:api|access|secret|private|signing|encryption)[_-]?key"
)
_KEY = re.compile(rf"(?:^|[_\-.])(?:{_SECRETISH})$", re.IGNORECASE)

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.DOTALL),
        HIDDEN,
    ),
    # scheme://user:password@host, the password with any sign but a space; also without a user
    (re.compile(r"([a-z][a-z0-9+.\-]*://[^\s:/@]*):[^\s/]*@", re.IGNORECASE), rf"\1:{HIDDEN}@"),
    (re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/\-]{8,}=*", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"\beyJ[A-Za-z0-9_\-]{6,}\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]*"), HIDDEN),  # JWT
    (re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"), HIDDEN),  # key id of an AWS account
    # key=value, key: value, "key": "value", --key value
    (
        re.compile(
            rf"""((?<![A-Za-z])[\w\-.]*(?:{_SECRETISH})["']?\s*[=:]\s*|--(?:{_SECRETISH})\s+)"""
            r"""(?!\*\*\*|bearer\b|basic\b)(?:"[^"]*"|'[^']*'|[^\s"',;&}\])]+)""",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
)

R = TypeVar("R", bound=Record)


def redact(text: str) -> str:
    """``text`` with passwords in addresses, bearer tokens and secret-ish settings hidden."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def redact_tree(value: object, key: str = "") -> object:
    """A JSON-like value with every text in it redacted; what a secret-ish key names is hidden."""
    if isinstance(value, Mapping):
        return {name: redact_tree(part, str(name)) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(redact_tree(part, key) for part in value)
    if not isinstance(value, str) or isinstance(value, Enum):
        return value
    return HIDDEN if _KEY.search(key) else redact(value)


def redacted(record: R) -> R:
    """A copy of a result record with every text in it redacted."""
    return type(record).model_validate(redact_tree(record.model_dump(by_alias=True)))
