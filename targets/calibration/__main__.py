"""``python -m blackstart.targets.calibration --port N --script FILE --truth FILE``."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from blackstart.targets.calibration.script import Script, load
from blackstart.targets.calibration.service import Service
from blackstart.targets.calibration.truth import Truth


def main() -> None:
    """Read the script, refuse to start on a bad one, serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m blackstart.targets.calibration")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--script", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        script = load(arguments.script)
    except (OSError, ValueError) as error:
        sys.exit(f"{arguments.script}: {error}")
    asyncio.run(_serve(arguments.port, script, Truth(arguments.truth)))


async def _serve(port: int, script: Script, truth: Truth) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    try:
        Service(port, script, truth).start()
        await ended.wait()
    finally:
        truth.close()


if __name__ == "__main__":
    main()
