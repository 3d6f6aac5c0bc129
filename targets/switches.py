"""Turns a target's guardrails off, so that a drill can be seen to go red."""

from collections.abc import Iterable

from blackstart.model.configuration import Configuration
from blackstart.model.errors import UsageError, nearest


def switched_off(configuration: Configuration, guardrails: Iterable[str]) -> dict[str, str]:
    """The variables that turn ``guardrails`` off; one set by several gets them all, by commas.

    Raises ``UsageError`` for a guardrail without a switch.
    """
    variables: dict[str, str] = {}
    for name in guardrails:
        if name not in configuration.guardrails:
            raise UsageError(
                f"no switch for the guardrail {name!r}",
                exists=nearest(name, configuration.guardrails),
                fix=f"add [guardrails.{name}] with how to turn it off",
            )
        for key, value in configuration.guardrails[name].off.env.items():
            variables[key] = f"{variables[key]},{value}" if key in variables else value
    return variables


def settings_of(configuration: Configuration, wanted: dict[str, int | float]) -> dict[str, str]:
    """Variables for the test timings that a scenario asks for; those it can't set are left out."""
    return {
        configuration.settings[name]: f"{value:g}"
        for name, value in wanted.items()
        if name in configuration.settings
    }
