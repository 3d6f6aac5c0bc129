"""Waiting for a service: a limit and a name on every wait, and the tail of its log if it fails."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from blackstart.model.errors import StartError
from blackstart.warden.process import Process

POLL_S = 0.005
TAIL_BYTES = 1500


def until_serving(serves: Callable[[], bool], process: Process, *, limit_s: float) -> None:
    """Return as soon as ``serves`` says so. Raises ``StartError``, and then kills ``process``."""
    deadline = time.monotonic() + limit_s
    while not serves():
        ended = process.exit
        if ended is not None:
            raise StartError(
                f"{process.name}: ended with code {ended.code} before it was ready",
                exists=tail(process.log),
            )
        if time.monotonic() >= deadline:
            process.kill()
            raise StartError(
                f"{process.name}: not ready in {limit_s:g} s", exists=tail(process.log)
            )
        time.sleep(POLL_S)


def until_done(process: Process, *, limit_s: float) -> None:
    """Wait for a command that ends by itself. Raises ``StartError`` if it fails or takes longer."""
    try:
        ended = process.wait(limit_s)
    except TimeoutError:
        process.kill()
        raise StartError(
            f"{process.name}: not done in {limit_s:g} s", exists=tail(process.log)
        ) from None
    if ended.code != 0:
        raise StartError(f"{process.name}: failed with code {ended.code}", exists=tail(process.log))


def tail(log: Path | None) -> str:
    """The end of ``log`` as an error shows it."""
    if log is None:
        return "it has no log"
    with log.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL_BYTES))
        text = file.read().decode(errors="replace").strip()
    return f"its log, {log}, ends:\n{text}" if text else f"its log, {log}, is empty"
