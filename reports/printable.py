"""Texts without signs that XML has no place for."""

# XML 1.0 forbids these, escaped or not; one of them would make the whole file unreadable.
_FORBIDDEN = dict.fromkeys(
    [
        *(code for code in range(32) if chr(code) not in "\t\n\r"),
        *range(0xD800, 0xE000),
        0xFFFE,
        0xFFFF,
    ]
)


def printable(content: str) -> str:
    """``content`` without control characters and lone surrogates."""
    return content.translate(_FORBIDDEN)
