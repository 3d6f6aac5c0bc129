"""The model of ``blackstart.toml``: what a target is, how it is asked, what switches it has."""

from typing import Annotated, Any, Literal

from pydantic import Field

from blackstart.model.result import Record

Request = Annotated[str, Field(pattern=r"^(GET|POST|PUT|PATCH|DELETE|HEAD) /\S*$")]


class Supervisor(Record):
    """What brings the target back when it dies, as its production has it."""

    restart: bool = False
    delay_s: Annotated[float, Field(ge=0)] = 1.0


class TargetConfig(Record):
    """What is drilled: commands are argument lists or one string split as a shell splits words.

    ``{port}``, ``{disk}``, ``{secrets}``, ``{instance}``, ``{python}`` and ``{postgres.url}``-style
    references are filled in for each instance.
    """

    name: str
    start: str | tuple[str, ...]
    migrate: str | tuple[str, ...] | None = None
    cwd: str = "."
    instances: Annotated[int, Field(ge=1, le=16)] = 1
    env: dict[str, str] = Field(default_factory=dict)
    needs: tuple[str, ...] = ()
    ready: Request = "GET /"
    ready_limit_s: float = 20.0
    stop_limit_s: float = 5.0
    database: str = "app"
    supervisor: Supervisor = Supervisor()


class SqlAudit(Record):
    """The ledger reads the store: a query that gives the sequence numbers that are there."""

    sql: str


class HttpAudit(Record):
    """The ledger reads every write back and compares its bytes."""

    request: Request


class RoleConfig(Record):
    """One kind of traffic. Templates know ``{seq}``, ``{uuid}``, ``{user}``, ``{text:N}``."""

    request: Request
    headers: dict[str, str] = Field(default_factory=dict)
    json_body: Any = Field(default=None, alias="json")
    body_bytes: int | None = None
    session: bool = False
    writes: bool = False
    limit_s: Annotated[float, Field(gt=0)] = 2.0
    good: tuple[int, ...] = (200, 201, 202, 204)
    audit: SqlAudit | HttpAudit | None = None


class SessionConfig(Record):
    """How a simulated user signs in and stays signed in."""

    users: Annotated[int, Field(ge=1, le=1000)] = 4
    register_: Request | None = Field(default=None, alias="register")
    register_json: dict[str, Any] = Field(default_factory=dict)
    sign_in: Request
    sign_in_json: dict[str, Any]
    refresh: Request
    refresh_json: dict[str, Any]
    access: str = "access_token"
    refresh_token: str = "refresh_token"  # noqa: S105 - a field name
    refresh_every_s: float = 60.0
    check: Request


class HealthConfig(Record):
    """Where the target says how it is; ``well`` is what a healthy answer's ``field`` says."""

    request: Request
    field: str = "status"
    well: str = "ok"


class Switch(Record):
    """How to turn a guardrail off: variables set for the target's processes.

    A variable set by several switches gets their values joined by commas.
    """

    env: dict[str, str]


class GuardrailConfig(Record):
    """A guardrail that can be turned off, so that drills can be proven."""

    off: Switch


class SignalConfig(Record):
    """A log line that means something: a regular expression."""

    log: str


class SigningConfig(Record):
    """How the signing keys of the target are laid out, so that they can be rotated."""

    file: str
    list: str = "keys"
    entry: dict[str, str]
    grace_s: float


class MemberConfig(Record):
    """What a member of the stack is told: the port its clients use, what kind of service it is, and
    whether a light stand-in will do (S3 only: it forgets everything when it stops).
    """

    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    kind: Literal["postgres", "redis", "s3"] | None = None
    light: bool = False


class Configuration(Record):
    """One ``blackstart.toml``."""

    target: TargetConfig
    traffic: dict[str, RoleConfig] = Field(default_factory=dict)
    session: SessionConfig | None = None
    health: HealthConfig | None = None
    guardrails: dict[str, GuardrailConfig] = Field(default_factory=dict)
    signals: dict[str, SignalConfig] = Field(default_factory=dict)
    settings: dict[str, str] = Field(default_factory=dict)
    signing: SigningConfig | None = None
    members: dict[str, MemberConfig] = Field(default_factory=dict)
