"""What a toxic's attribute may be, and the refusal that says so."""

from collections.abc import Mapping

Value = int | float | str | bool
Settings = Mapping[str, Value]

DAY_MS = 86_400_000


class FieldError(ValueError):
    """A value that is refused; the text names the field and what is allowed."""


class Whole:
    """A whole number from ``low`` to ``high``."""

    def __init__(self, default: int = 0, *, low: int = 0, high: int) -> None:
        self.default: Value = default
        self._low, self._high = low, high

    def check(self, name: str, value: object) -> Value:
        """The value, or ``FieldError``."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # clients whose language has only one kind of number write 100.0
        if isinstance(value, bool) or not isinstance(value, int):
            raise FieldError(f"{name} must be {self.allowed}, not {value!r}")
        if not self._low <= value <= self._high:
            raise FieldError(f"{name} must be {self.allowed}, not {value}")
        return value

    @property
    def allowed(self) -> str:
        """In words."""
        return f"a whole number from {self._low} to {self._high}"


class Share:
    """A number from 0 to 1."""

    allowed = "a number from 0 to 1"

    def __init__(self, default: float = 1.0) -> None:
        self.default: Value = default

    def check(self, name: str, value: object) -> Value:
        """The value, or ``FieldError``."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FieldError(f"{name} must be {self.allowed}, not {value!r}")
        if not 0 <= value <= 1:
            raise FieldError(f"{name} must be {self.allowed}, not {value}")
        return float(value)


class Flag:
    """True or false."""

    allowed = "true or false"

    def __init__(self, *, default: bool = False) -> None:
        self.default: Value = default

    def check(self, name: str, value: object) -> Value:
        """The value, or ``FieldError``."""
        if not isinstance(value, bool):
            raise FieldError(f"{name} must be {self.allowed}, not {value!r}")
        return value


class Text:
    """A string, of a few given ones when ``choices`` is not empty."""

    def __init__(self, default: str = "", *, choices: tuple[str, ...] = ()) -> None:
        self.default: Value = default
        self._choices = choices

    def check(self, name: str, value: object) -> Value:
        """The value, or ``FieldError``."""
        if not isinstance(value, str) or (self._choices and value not in self._choices):
            raise FieldError(f"{name} must be {self.allowed}, not {value!r}")
        return value

    @property
    def allowed(self) -> str:
        """In words."""
        return f"one of {', '.join(self._choices)}" if self._choices else "a string"


Field = Whole | Share | Flag | Text
Fields = Mapping[str, Field]


def settle(
    fields: Fields, given: Mapping[str, object], *, base: Settings | None = None
) -> Settings:
    """All attributes: ``base`` or the defaults, overlaid with what was given and is known.

    Unknown names are refused, since a misspelt attribute would make a fault that does nothing;
    null means "not given".
    """
    settled = {name: field.default for name, field in fields.items()} if base is None else {**base}
    for name, value in given.items():
        field = fields.get(name.lower())
        if field is None:
            known = ", ".join(fields) or "none"
            raise FieldError(f"unknown attribute {name!r}; this toxic has: {known}")
        if value is not None:
            settled[name.lower()] = field.check(name.lower(), value)
    return settled
