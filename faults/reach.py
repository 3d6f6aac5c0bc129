"""The question that most witnesses ask: does a member answer, past the proxy and through it?"""

from blackstart.model.capabilities import Members, Pingable

LIMIT_S = 0.15


def reach(
    members: Members, name: str, *, limit_s: float = LIMIT_S
) -> tuple[float | None, float | None]:
    """Seconds to an answer directly and through the proxy; ``None`` where none came in time."""
    member = members.able(name, Pingable)
    # Generous on the direct way: a member busy with the fault may be slow, and is still alive.
    direct_s = member.ping_s(direct=True, limit_s=2.0)
    return direct_s, member.ping_s(direct=False, limit_s=limit_s)


def told(seconds: float | None) -> str:
    """``12 ms``, or ``no answer``."""
    return "no answer" if seconds is None else f"{seconds * 1000:.0f} ms"
