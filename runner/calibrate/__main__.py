"""``python -m blackstart.runner.calibrate``: truth beside measurement, with pass lines."""

import argparse
import sys
from collections.abc import Callable

from blackstart.runner.calibrate.calibration import Calibration, Extent, record
from blackstart.runner.calibrate.recoveries import Known
from blackstart.runner.calibrate.row import table


def main() -> int:
    """Record, judge, print; 0 when every line passed, else 1."""
    calibration = record(_extent(), lambda text: _say(text, sys.stderr.write))
    _say(_outages(calibration), sys.stdout.write)
    rows = [*calibration.rows(), calibration.schedule()]
    _say(table(rows), sys.stdout.write)
    return 0 if all(row.passed for row in rows) else 1


def _extent() -> Extent:
    usual = Extent()
    parser = argparse.ArgumentParser(prog="make calibrate", description=__doc__)
    parser.add_argument("--outages", type=int, default=usual.outages)
    parser.add_argument("--shortest-s", type=float, default=usual.shortest_s)
    parser.add_argument("--longest-s", type=float, default=usual.longest_s)
    parser.add_argument("--losses", type=int, default=usual.losses)
    return Extent(**vars(parser.parse_args()))


def _outages(calibration: Calibration) -> str:
    heading = f"{'outage':10}{'truth':>12}{'measured':>22}{'error':>10}"
    return "\n".join([heading, *(_outage(one) for one in calibration.known()), ""])


def _outage(one: Known) -> str:
    if one.down_s is None or one.measured_s is None:
        true, measured = (
            "unproven" if value is None else f"{value:.4f} s"
            for value in (one.down_s, one.measured_s)
        )
        return f"{one.kind:10}{true:>12}{measured:>22}"
    measured = f"{one.measured_s:.4f} ± {one.resolution_s:.4f} s"
    return f"{one.kind:10}{one.down_s:>10.4f} s{measured:>22}{one.error_s * 1e3:>+7.1f} ms"


def _say(text: str, write: Callable[[str], object]) -> None:
    write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
