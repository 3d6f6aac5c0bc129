"""Everything that can be set, read once from the environment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from blackstart.targets.reference.guardrails.catalogue import Guardrail, parse

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class SettingsError(Exception):
    """Something is missing or wrong; the message names all of it, and never a value."""


class Settings(BaseModel):
    """The service's settings; each field is read from the variable of its name in capitals.

    Defaults are the failure matrix's numbers where it gives one (pool 10, threshold 5, reset
    60 s, access token 30 minutes).
    """

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=str.upper)

    database_url: str
    redis_url: str
    keyring_file: Path
    s3_endpoint_url: str | None = None
    s3_bucket: str = "uploads"
    s3_limit_s: Seconds = 3.0
    data_dir: Path = Path("data")
    environment: str = "development"
    instance: str = "reference"

    db_pool_size: Count = 10
    db_pool_overflow: Annotated[int, Field(ge=0)] = 10
    db_checkout_limit_s: Seconds = 0.5
    db_deadline_s: Seconds = 2.0
    breaker_threshold: Count = 5
    breaker_reset_s: Seconds = 60.0
    retry_attempts: Count = 3

    cache_fresh_s: Seconds = 5.0
    cache_stale_s: Annotated[float, Field(ge=0)] = 3600.0
    redis_limit_s: Seconds = 0.25
    redis_retry_s: Seconds = 1.0

    access_ttl_s: Count = 1800
    refresh_ttl_s: Count = 7 * 24 * 3600
    key_grace_s: Annotated[float, Field(ge=0)] = 24 * 3600.0
    password_cost: Count = 2

    guardrails_off: Annotated[frozenset[Guardrail], BeforeValidator(parse)] = frozenset()

    def on(self, guardrail: Guardrail) -> bool:
        """Whether this guardrail is in force."""
        return guardrail not in self.guardrails_off


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the environment; raise ``SettingsError`` naming every variable that stops the start."""
    try:
        return Settings.model_validate({k: v for k, v in environ.items() if v})
    except ValidationError as error:
        # The values stay out of the message: an address may carry a password.
        wrong = [f"  {problem['loc'][0]}: {problem['msg']}" for problem in error.errors()]
        raise SettingsError("\n".join(["cannot start:", *wrong])) from None
