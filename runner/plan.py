"""One drill that is to be run: which scenario, on what, with which seed, with what switched off."""

import shlex
from dataclasses import dataclass

from blackstart.model.configuration import Configuration
from blackstart.model.scenario import Scenario, Variant
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
        """Why the target does not cover this scenario; ``None`` if it does."""
        roles = [role for role in self.scenario.rates if role not in self.configuration.traffic]
        if roles:
            return f"not covered: the target maps no traffic to {', '.join(roles)}"
        needs = [n for n in self.scenario.needs if n not in self.configuration.target.needs]
        if needs:
            return f"not covered: the target has no {', '.join(needs)}"
        return None
