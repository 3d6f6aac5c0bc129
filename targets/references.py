"""Fills ``{port}`` and ``{postgres.url}`` in a target's commands and variables."""

import re
from collections.abc import Mapping

from blackstart.model.errors import ConfigurationError, nearest

_REFERENCE = re.compile(r"\{([a-z0-9_]+(?:\.[a-z0-9_]+)?)\}")


def fill(text: str, known: Mapping[str, str], *, where: str) -> str:
    """``text`` with its references filled in. Raises ``ConfigurationError`` for an unknown one."""

    def one(match: re.Match[str]) -> str:
        name = match[1]
        if name not in known:
            raise ConfigurationError(
                f"{where}: nothing is called {{{name}}}",
                exists=nearest(name, known),
                fix="use one of these, or add the member to [target].needs",
            )
        return known[name]

    return _REFERENCE.sub(one, text)
