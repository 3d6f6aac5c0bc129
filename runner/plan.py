"""One drill that is to be run: which scenario, on what, with which seed, with what switched off."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from blackstart.model.configuration import Configuration, RoleConfig
from blackstart.model.scenario import ExpectHealth, ExpectSignal, Scenario, Variant
from blackstart.targets.loading import Loaded
from blackstart.targets.switches import settings_of


@dataclass(frozen=True, kw_only=True)
class DrillPlan:
    """A scenario's variant on a target. ``off`` are the guardrails to switch off."""

    loaded: Loaded
    named: str
    scenario: Scenario
    variant: Variant
    seed: int
    off: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """``scenario[variant]``."""
        return f"{self.scenario.id}[{self.variant.name}]"

    @property
    def configuration(self) -> Configuration:
        """The target's configuration."""
        return self.loaded.configuration

    @property
    def settings(self) -> dict[str, str]:
        """The variables for the test timings that the scenario asks for."""
        return settings_of(self.configuration, self.scenario.settings)

    @property
    def replay(self) -> str:
        """The command that repeats this drill, with its seed."""
        words = ["blackstart", "run", self.id, *shlex.split(self.named), "--seed", str(self.seed)]
        return shlex.join([*words, *(["--off", ",".join(self.off)] if self.off else [])])

    def pool(self, *parts: str) -> int | None:
        """Connections that all instances together may hold; ``None`` if nothing sets it."""
        settings, known = self.scenario.settings, self.configuration.settings
        if any(part not in settings or part not in known for part in parts):
            return None
        return self.scenario.instances * sum(int(settings[part]) for part in parts)

    def uncovered(self) -> str | None:
        """Why the target does not cover this scenario; ``None`` if it does.

        What a target's configuration doesn't say can't be judged: it is neither held nor breached.
        """
        missing = [f"the target {what}" for what in self._unsaid()]
        return f"not covered: {'; '.join(missing)}" if missing else None

    def _unsaid(self) -> Iterator[str]:
        configuration, traffic = self.configuration, self.configuration.traffic
        expected = (*self.scenario.expect, *self.variant.expect)
        signals = [e.signal for e in expected if isinstance(e, ExpectSignal)]
        said: list[tuple[str, list[str]]] = [
            ("maps no traffic to", [r for r in self.scenario.rates if r not in traffic]),
            ("has no", [n for n in self.scenario.needs if n not in configuration.target.needs]),
            ("names no audit of", [r for r in self.scenario.rates if _unaudited(traffic.get(r))]),
            ("names no log line for", [s for s in signals if s not in configuration.signals]),
        ]
        yield from (f"{what} {', '.join(names)}" for what, names in said if names)
        if configuration.health is None and any(isinstance(e, ExpectHealth) for e in expected):
            yield "names no [health]"


def _unaudited(role: RoleConfig | None) -> bool:
    return role is not None and role.writes and role.audit is None
