"""Commands that run a room of Blackstart as a process, fast, from whatever directory."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import blackstart


def module_command(module: str) -> list[str]:
    """The start of an argument list that runs ``module`` with nothing but the standard library.

    Without ``site`` it starts in half the time, and without the working directory on the path no
    file there called ``signal.py`` can be taken for the real one.
    """
    return [sys.executable, "-P", "-S", "-m", module]


def module_environment(base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """``base``, such that ``module_command`` finds this very copy of Blackstart."""
    return {**base, "PYTHONPATH": str(Path(blackstart.__path__[0]).parent)}
