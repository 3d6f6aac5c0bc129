"""Guardrail ``key-retirement``: after the grace, a retired signing key opens nothing.

Guards: accounts from whoever got hold of an old key. Seen by: a token signed with a key retired
longer than ``KEY_GRACE_S`` ago is refused, access and refresh alike, however fresh. Off: accepted
for ever.
"""

from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.guardrails.key_grace import grace_s
from blackstart.targets.reference.settings import Settings


class KeyRetirement:
    """Refuses keys that have been retired for ``after_s`` or longer."""

    def __init__(self, *, after_s: float) -> None:
        self._after_s = after_s

    def refuses(self, retired_for_s: float | None) -> bool:
        """Whether a key retired this long ago (``None``: not retired) is no longer accepted."""
        return retired_for_s is not None and retired_for_s >= self._after_s


def build(settings: Settings) -> KeyRetirement:
    """Make the refusal; off, it never comes."""
    on = settings.on(Guardrail.KEY_RETIREMENT)
    return KeyRetirement(after_s=grace_s(settings) if on else float("inf"))
