"""How much a proxy costs: ratios to no proxy at all, round by round.

Each round runs every workload through every target, in random order; a ratio compares two runs
of one round, and the table gives the median over the rounds. Trust ratios, not absolutes.
"""

import argparse
import contextlib
import random
import statistics
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from benchmarks.proxy import upstreams
from benchmarks.proxy.targets import Target, all_targets
from benchmarks.proxy.workloads import Sample, Workload, workloads


class Measured(NamedTuple):
    """One workload through one target in one round."""

    sample: Sample
    cpu_us: float


Round = dict[str, Measured]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each run")
    parser.add_argument("--only", default="", help="workloads whose names contain this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        load = upstreams.build_load(folder)
        chosen = [w for w in workloads(load, options.seconds) if options.only in w.name]
        ports = {kind: _start(kind, load, stack) for kind in {w.upstream for w in chosen}}
        targets = stack.enter_context(all_targets(list(ports.values()), folder))
        rounds = [_round(chosen, targets, ports, at) for at in range(options.rounds)]
        _print(chosen, targets, rounds)


def _start(kind: str, load: Path, stack: contextlib.ExitStack) -> int:
    if kind == "valkey":
        return stack.enter_context(upstreams.valkey())
    if kind == "postgres":
        return stack.enter_context(upstreams.postgres())
    return stack.enter_context(upstreams.load_server(load, kind))


def _round(
    chosen: list[Workload], targets: list[Target], ports: dict[str, int], number: int
) -> dict[str, Round]:
    measured: dict[str, Round] = defaultdict(dict)
    for workload in chosen:
        order = random.sample(targets, len(targets))
        print(f"round {number + 1}: {workload.name}: {', '.join(t.name for t in order)}")
        for target in order:
            before_s = target.cpu_s()
            sample = workload.run(target.ports[ports[workload.upstream]])
            cpu_us = (target.cpu_s() - before_s) * 1e6 / sample.units
            measured[workload.name][target.name] = Measured(sample, cpu_us)
    return measured


def _print(chosen: list[Workload], targets: list[Target], rounds: list[dict[str, Round]]) -> None:
    names = [target.name for target in targets]
    others = [name for name in names if name not in {"direct", "ours"}]
    print(f"\nmedians of {len(rounds)} rounds; ratios are of one round each\n")
    for workload in chosen:
        mine = [one[workload.name] for one in rounds]
        print(f"{workload.name}")
        for name in names:
            print(f"  {name:10} {_line(workload, name, mine)}")
        for other in others:
            ratio = statistics.median(_ratio(one, "ours", other) for one in mine)
            print(f"  ours / {other}: {ratio:.2f}")
    print()


def _line(workload: Workload, name: str, mine: list[Round]) -> str:
    rate = statistics.median(one[name].sample.rate for one in mine)
    line = f"{rate:12,.0f} {workload.unit}/s"
    if name != "direct":
        ratio = statistics.median(_ratio(one, name, "direct") for one in mine)
        cpu_us = statistics.median(one[name].cpu_us for one in mine)
        line += f"  {ratio:5.2f} of direct  {cpu_us:8.1f} us CPU/{workload.unit}"
    if mine[0][name].sample.p50_us is not None:
        p50_us = statistics.median(one[name].sample.p50_us or 0 for one in mine)
        p99_us = statistics.median(one[name].sample.p99_us or 0 for one in mine)
        line += f"  p50 {p50_us:.0f} us  p99 {p99_us:.0f} us"
    return line


def _ratio(one: Round, name: str, base: str) -> float:
    return one[name].sample.rate / one[base].sample.rate


if __name__ == "__main__":
    main()
