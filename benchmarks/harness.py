"""What the harness itself costs each drill: ``duration_s − inherent_s``, of one whole run.

python benchmarks/harness.py [SCENARIO ...]
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT_S = 0.3


def main(names: list[str]) -> None:
    """Run the drills named, or all, and print each one's cost and the median."""
    drills = run(names)["drills"]
    costs = [drill["duration_s"] - drill["inherent_s"] for drill in drills]
    for drill, cost_s in zip(drills, costs, strict=True):
        name = f"{drill['scenario']}[{drill['variant']}]"
        print(f"{name:42} {cost_s:6.3f} s   of {drill['duration_s']:.2f} s   {drill['verdict']}")
    print(f"{'median':42} {statistics.median(costs):6.3f} s   (to be at most {LIMIT_S:g} s)")


def run(names: list[str]) -> dict[str, list[dict[str, float]]]:
    """The result of one run of the command."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "result.json"
        command = Path(sys.executable).parent / "blackstart"
        argv = [command, "run", *names, "--target", "reference", "--json", file]
        subprocess.run(argv, stdout=subprocess.DEVNULL, check=False)
        result: dict[str, list[dict[str, float]]] = json.loads(file.read_text())
        return result


if __name__ == "__main__":
    main(sys.argv[1:])
