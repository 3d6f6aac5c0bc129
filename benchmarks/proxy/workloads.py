"""What is done through each target. Every workload gives units per second: more is better."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.proxy.upstreams import pgbench


class Sample(NamedTuple):
    """One run: how many units a second, and the median and 99th percentile where measured."""

    rate: float
    units: float
    p50_us: float | None = None
    p99_us: float | None = None


class Workload(NamedTuple):
    """``run(port)`` does it once; ``upstream`` names the server that it needs."""

    name: str
    unit: str
    upstream: str
    run: Callable[[int], Sample]


def workloads(load: Path, seconds: float) -> list[Workload]:
    """All that can be run here."""
    megabytes = 700 * seconds

    def client(*words: object) -> list[float]:
        done = subprocess.run([load, *map(str, words)], check=True, capture_output=True, text=True)
        return [float(word) for word in done.stdout.split()]

    def pingpong(conns: int) -> Callable[[int], Sample]:
        def run(port: int) -> Sample:
            rate, p50_us, p99_us = client("pingpong", port, conns, seconds)
            return Sample(rate, rate * seconds, p50_us, p99_us)

        return run

    def bulk(direction: str) -> Callable[[int], Sample]:
        def run(port: int) -> Sample:
            return Sample(client(direction, port, megabytes)[0], megabytes)

        return run

    def churn(port: int) -> Sample:
        (rate,) = client("churn", port, 8, seconds)
        return Sample(rate, rate * seconds)

    found = [
        Workload("ping-pong 64 B, 1 conn", "request", "echo", pingpong(1)),
        Workload("ping-pong 64 B, 32 conns", "request", "echo", pingpong(32)),
        Workload("bulk up", "MB", "sink", bulk("up")),
        Workload("bulk down", "MB", "source", bulk("down")),
        Workload("connect + 64 B + close", "conn", "echo", churn),
        Workload("pgbench -S -c8 prepared", "query", "postgres", _pgbench(seconds)),
    ]
    if shutil.which("redis-benchmark"):
        found.append(Workload("redis-benchmark GET -c32", "request", "valkey", _redis(seconds)))
    return found


def _redis(seconds: float) -> Callable[[int], Sample]:
    count = int(40_000 * seconds)

    def run(port: int) -> Sample:
        flags = ["-p", str(port), "-t", "get", "-c", "32", "-n", str(count), "--csv"]
        done = subprocess.run(
            ["redis-benchmark", *flags], check=True, capture_output=True, text=True
        )
        rate = float(done.stdout.splitlines()[-1].split(",")[1].strip('"'))
        return Sample(rate, count)

    return run


def _pgbench(seconds: float) -> Callable[[int], Sample]:
    whole_s = max(1, round(seconds))

    def run(port: int) -> Sample:
        printed = pgbench(port, "-n", "-S", "-c8", "-M", "prepared", "-T", str(whole_s))
        found = re.search(r"tps = ([\d.]+)", printed)
        if found is None:
            raise SystemExit(f"pgbench printed no tps: {printed}")
        return Sample(float(found.group(1)), float(found.group(1)) * whole_s)

    return run
