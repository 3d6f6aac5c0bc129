"""Every fault by its name, and how a scenario's step becomes one."""

from collections.abc import Mapping
from dataclasses import MISSING, fields

from blackstart.faults.cut import Cut
from blackstart.faults.kill import Kill
from blackstart.faults.latency import Latency
from blackstart.faults.locks_held import LocksHeld
from blackstart.faults.pool_exhausted import PoolExhausted
from blackstart.faults.recreate import Recreate
from blackstart.faults.restart import Restart
from blackstart.faults.restart_empty import RestartEmpty
from blackstart.faults.rotate_key import RotateKey
from blackstart.faults.stall import Stall
from blackstart.model.errors import UsageError, nearest
from blackstart.model.faults import Condition, Damage

_ALL: tuple[type[Condition] | type[Damage], ...] = (
    Cut,
    Kill,
    Latency,
    LocksHeld,
    PoolExhausted,
    Recreate,
    Restart,
    RestartEmpty,
    RotateKey,
    Stall,
)
FAULTS: Mapping[str, type[Condition] | type[Damage]] = {kind.fault: kind for kind in _ALL}


def make(name: str, member: str, settings: Mapping[str, object]) -> Condition | Damage:
    """The fault ``name`` on ``member``. Raises ``UsageError`` for what is unknown or missing."""
    kind = FAULTS.get(name)
    if kind is None:
        raise UsageError(f"no fault {name!r}", exists=nearest(name, FAULTS))
    _check(kind, settings)
    return kind(member=member, **settings)  # type: ignore[call-arg]


def _check(kind: type[Condition] | type[Damage], settings: Mapping[str, object]) -> None:
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    del known["member"]
    strange = sorted(set(settings) - set(known))
    missing = sorted({n for n, field in known.items() if field.default is MISSING} - set(settings))
    if strange or missing:
        what = f"has no {', '.join(strange)}" if strange else f"needs {', '.join(missing)}"
        raise UsageError(
            f"the fault {kind.fault} {what}",
            exists=f"settings: {', '.join(sorted(known)) or 'none'}",
        )
