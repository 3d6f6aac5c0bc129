"""How long judging takes and how much memory, at 10⁵, 10⁶ and 10⁷ operations.

python benchmarks/ledger.py [OPERATIONS ...]

Half are reads, half writes; a tenth of them met the outage, in every way that answers can be bad.
Each size is judged in a process of its own, so that its peak memory is its own.
"""

import resource
import subprocess
import sys
import time

import numpy as np

from blackstart.measures.baseline import baselines
from blackstart.measures.checkers import contract, loss
from blackstart.measures.history import ENDINGS, OUTCOMES, PROBE, History, Mark, MarkKind, Probes
from blackstart.measures.layout import Failure
from blackstart.measures.ledger import Audit, account, audit_of, ledger_of
from blackstart.measures.recovery import normal_s, recovery
from blackstart.measures.strikes import strikes
from blackstart.model.outcome import Ending, Outcome
from blackstart.model.scenario import Contract

SIZES = (10**5, 10**6, 10**7)
TIME_LIMIT_S, MEMORY_LIMIT_BYTES = 10.0, 10**9
ROLES = ("read", "write")
_PROMISE = Contract(cap_s=0.5)
_INTERVAL_NS = 1_000_000
_BAD = ((Outcome.ERROR, Failure.BARE), (Outcome.ERROR, Failure.REJECTED))
_BAD += ((Outcome.TIMEOUT, Failure.NO_ANSWER), (Outcome.SHED, Failure.NONE))


def main(sizes: list[int]) -> None:
    """Judge each size and print what it took."""
    print(f"{'operations':>12} {'seconds':>9} {'peak':>10}")
    for size in sizes:
        subprocess.run([sys.executable, __file__, "--one", str(size)], check=True)
    print(f"10⁷ to be judged in at most {TIME_LIMIT_S:g} s and {MEMORY_LIMIT_BYTES / 1e6:.0f} MB")


def one(operations: int) -> None:
    """Judge one size; its history is made up beforehand and is not counted in the time."""
    history, audit = made_up(operations)
    started = time.perf_counter()
    found = judged(history, audit)
    took_s = time.perf_counter() - started
    assert found, "nothing was found of an outage"
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{operations:>12,} {took_s:>7.2f} s {peak_bytes / 1e6:>7.0f} MB", flush=True)


def judged(history: History, stored: np.ndarray) -> int:
    """Everything that is done to a history and its ledger; how many findings there were."""
    spans, normal = strikes(history), baselines(history)
    for role in ROLES:
        recovery(history, role, _PROMISE, normal[role], spans[0])
        normal_s(history, role, normal[role], spans[0].completed_ns)
    codes = [f for role in ROLES for f in contract.check(history, role, _PROMISE, spans)]
    writes = history.of("write")
    ledger = ledger_of("write", writes, len(writes))
    audit: Audit = audit_of(stored, len(ledger))
    losses = account(ledger, audit, spans[0].completed_ns)
    return len([*codes, *loss.check("write", losses, 0.0)])


def made_up(operations: int) -> tuple[History, np.ndarray]:
    """A history of ``operations``, and the numbers that its store holds, some lost or doubled."""
    probes = _probes(operations)
    length_ns = operations * _INTERVAL_NS
    struck = {"strike": 1, "group": 1}
    marks = (
        Mark(at_ns=0, kind=MarkKind.STEADY, text="steady"),
        Mark(at_ns=length_ns // 5, kind=MarkKind.STRIKE_CALLED, text="cut", data=struck),
        Mark(at_ns=length_ns // 5, kind=MarkKind.STRIKE_COMPLETED, text="cut", data=struck),
    )
    acked = probes["seq"][(probes["role"] == 1) & (probes["outcome"] == 0)]
    stored = np.concatenate([acked[::2], acked[1::2][5:], acked[:7]])
    return History(roles=ROLES, probes=probes, marks=marks), stored


def _probes(operations: int) -> Probes:
    probes = np.zeros(operations, dtype=PROBE)
    number = np.arange(operations, dtype=np.int64)
    probes["role"] = number % 2
    probes["seq"] = number // 2
    probes["scheduled_ns"] = probes["sent_ns"] = number * _INTERVAL_NS
    probes["ended_ns"] = probes["scheduled_ns"] + 3_000_000
    bad = slice(operations // 5, operations * 3 // 10)
    kinds = np.array([(OUTCOMES.index(o), f) for o, f in _BAD], dtype=np.uint8)
    probes["outcome"][bad], probes["failure"][bad] = kinds[number[bad] // 2 % len(kinds)].T
    probes["ending"] = ENDINGS.index(Ending.ACKED)
    probes["ending"][bad] = ENDINGS.index(Ending.UNKNOWN)
    return probes


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
