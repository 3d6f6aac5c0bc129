"""What the prober is told to do, as it travels over its control socket."""

from pydantic import Field

from blackstart.model.configuration import HealthConfig, RoleConfig, SessionConfig
from blackstart.model.result import Record

HEALTH = "health"
REFRESH = "refresh"


class ProbePlan(Record):
    """Where to send what: ``roles`` by name, ``bases`` one address for each instance."""

    seed: int
    bases: tuple[str, ...]
    roles: dict[str, RoleConfig]
    session: SessionConfig | None = None
    health: HealthConfig | None = None
    header: dict[str, str] = Field(default_factory=dict)

    def role_names(self) -> tuple[str, ...]:
        """Every role in the order of its index in the records."""
        return (*self.roles, HEALTH, REFRESH)
