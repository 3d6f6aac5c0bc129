"""How long a stack takes to be ready and to be gone; medians, imports excluded.

python benchmarks/stack.py [ROUNDS]
"""

import statistics
import sys
import time
from collections.abc import Sequence

from blackstart.model.configuration import MemberConfig
from blackstart.stacks.processes import ProcessStack
from blackstart.warden.client import Warden

ROUNDS = 9
LIMITS_S = {"warden": 0.1, "postgres+redis": 0.7, "postgres+redis+s3": 1.5, "whole teardown": 1.0}
STACKS = (("postgres", "redis"), ("postgres", "redis", "s3"), ("postgres", "redis", "light"))
CONFIGS = {"light": MemberConfig(kind="s3", light=True)}

Times = dict[str, list[float]]


def main(rounds: int) -> None:
    """Measure and print; the first round, which prepares templates, does not count."""
    times: Times = {}
    for round_ in range(rounds + 1):
        for needs in STACKS:
            measure(needs, times)
        if round_ == 0:
            times.clear()
    for name, taken in times.items():
        print(line(name, taken))


def measure(needs: Sequence[str], times: Times) -> None:
    """One stack, up and down."""
    name = "+".join(needs)
    warden = Warden()
    timed(times, "warden", warden.open)
    stack = ProcessStack(warden, needs=needs, configs=CONFIGS)
    timed(times, name, stack.start)
    timed(times, f"{name}: stop", stack.stop)
    timed(times, f"{name}: again, same warden", stack.start)
    timed(times, "whole teardown", warden.close)


def timed(times: Times, name: str, do: object) -> None:
    """Call ``do`` and note how long it took, in seconds."""
    assert callable(do)
    started = time.perf_counter()
    do()
    times.setdefault(name, []).append(time.perf_counter() - started)


def line(name: str, taken: list[float]) -> str:
    """One line: median, range, and the limit where there is one."""
    limit = f"   (to be at most {LIMITS_S[name]:g} s)" if name in LIMITS_S else ""
    spread = f"{min(taken):.3f} to {max(taken):.3f}, n={len(taken)}"
    return f"{name:42} {statistics.median(taken):6.3f} s   {spread}{limit}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
