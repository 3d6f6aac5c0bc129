"""Tells people what is going on: one live line on a terminal, plain lines elsewhere."""

from typing import Protocol

from rich.console import Console
from rich.status import Status


class Progress(Protocol):
    """Who is told."""

    def now(self, text: str) -> None:
        """What is being done."""

    def done(self, text: str) -> None:
        """Something worth keeping on the screen is finished."""


class Silent:
    """Tells nobody."""

    def now(self, text: str) -> None:
        """Nothing."""

    def done(self, text: str) -> None:
        """Nothing."""


class Told:
    """One live line on a terminal; elsewhere, plain lines for what is finished only."""

    def __init__(self, console: Console) -> None:
        """Tell by ``console`` (of standard error, so that results stay apart)."""
        self._console = console
        self._status: Status | None = None

    def now(self, text: str) -> None:
        """Replace the live line."""
        if not self._console.is_terminal:
            return
        if self._status is None:
            self._status = self._console.status(text)
            self._status.start()
        self._status.update(text)

    def done(self, text: str) -> None:
        """Print a line that stays."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    def close(self) -> None:
        """Take the live line away."""
        if self._status is not None:
            self._status.stop()
            self._status = None
