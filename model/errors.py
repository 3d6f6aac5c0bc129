"""Errors that say what happened, what exists, what to do, and where."""

from collections.abc import Iterable
from difflib import get_close_matches


class BlackstartError(Exception):
    """The base of every error meant for a reader: it ends a run with ``exit_code``."""

    exit_code = 3

    def __init__(self, what: str, *, exists: str = "", fix: str = "", where: str = "") -> None:
        """``what`` happened, what ``exists`` instead, how to ``fix`` it, ``where`` (file:line)."""
        super().__init__(what)
        self.what, self.exists, self.fix, self.where = what, exists, fix, where

    def __str__(self) -> str:
        """One to four lines, absent parts left out."""
        first = f"{self.where}: {self.what}" if self.where else self.what
        fix = f"fix: {self.fix}" if self.fix else ""
        return "\n".join(line for line in (first, self.exists, fix) if line)


class UsageError(BlackstartError):
    """The command line or the call asks for something that is not there."""


class ConfigurationError(BlackstartError):
    """A target's configuration or a scenario file does not say what it must."""


class StartError(BlackstartError):
    """A service did not come up. Nothing of it is left running."""


class CapabilityError(BlackstartError):
    """A member was asked for something that it cannot do."""


class InterruptError(BlackstartError):
    """The user stopped the run."""

    exit_code = 130


class InconclusiveError(Exception):
    """A drill could not verify what it is for; in pytest it is broken, not failed."""


class BreachedError(AssertionError):
    """A drill found a promise broken; in pytest it is failed."""


def nearest(wanted: str, known: Iterable[str]) -> str:
    """``known`` as one line, those closest to ``wanted`` named first."""
    names = sorted(known)
    close = get_close_matches(wanted, names, n=3, cutoff=0.5)
    hint = f"nearest: {', '.join(close)}; " if close else ""
    return f"{hint}known: {', '.join(names) or 'none'}"
