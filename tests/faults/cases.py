"""What is tried of every fault."""

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
from blackstart.model.faults import Condition, Damage

from .conftest import POOL

ON_LINKS: tuple[Condition, ...] = (
    Cut(member="redis"),
    Cut(member="postgres"),
    Cut(member="s3"),
    Latency(member="redis", delay_ms=200),
    Latency(member="postgres", delay_ms=200, jitter_ms=50),
    Stall(member="redis"),
    Stall(member="postgres"),
)
ON_POOLS: tuple[Condition, ...] = (
    LocksHeld(member="postgres", connections=POOL),
    PoolExhausted(member="postgres", delay_ms=250, connections=POOL),
)
DAMAGES: tuple[Damage, ...] = (
    Kill(member="redis"),
    Kill(member="postgres"),
    Kill(member="target"),
    Recreate(member="redis"),
    Recreate(member="target"),
    Restart(member="redis"),
    Restart(member="target"),
    RestartEmpty(member="redis"),
    RotateKey(member="target", active_in_s=0, late_by_s=0),
)


def title(fault: Condition | Damage) -> str:
    """How a fault is named in a test's name."""
    return f"{fault.fault}-{getattr(fault, 'member', '')}"
