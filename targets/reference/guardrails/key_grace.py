"""Guardrail ``key-grace``: a retired signing key is still accepted for a while.

Guards: everybody signed in from being thrown out by a rotation. Seen by: a token signed with a
key retired less than ``KEY_GRACE_S`` ago is accepted. Off: refused as soon as the successor is
active.
"""

from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.settings import Settings


def grace_s(settings: Settings) -> float:
    """How long a key is accepted after its successor became active."""
    return settings.key_grace_s if settings.on(Guardrail.KEY_GRACE) else 0.0
