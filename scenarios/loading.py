"""Reads the catalogue and picks scenarios and variants by name."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from blackstart.model.errors import ConfigurationError, UsageError, nearest
from blackstart.model.scenario import Scenario, Variant

_SHIPPED = Path(__file__).parent
_NAME = re.compile(r"^(?P<scenario>[^\[\]]+)(\[(?P<variant>[^\[\]]+)\])?$")


@cache
def catalogue() -> Mapping[str, Scenario]:
    """Every shipped scenario by id, in order of priority, then of name."""
    read = [read_scenario(path) for path in sorted(_SHIPPED.glob("*/*.toml"))]
    return {s.id: s for s in sorted(read, key=lambda s: (s.priority, s.id))}


def read_scenario(path: Path) -> Scenario:
    """One scenario from its file. Raises ``ConfigurationError`` with the field that is wrong."""
    try:
        scenario = Scenario.model_validate(tomllib.loads(path.read_text()))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"not TOML: {error}", where=str(path)) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"{place}: {first['msg']}", where=str(path)) from error
    if path.stem != scenario.id:
        raise ConfigurationError(
            f"the file is not named after its id {scenario.id!r}", where=str(path)
        )
    return scenario


def pick(names: Iterable[str], cadence: str | None = None) -> list[tuple[Scenario, Variant]]:
    """The drills that ``names`` ask for: ``id``, or ``id[variant]``; all of them without names.

    Raises ``UsageError`` with the nearest names.
    """
    known = catalogue()
    wanted = list(names) or [s.id for s in known.values() if _on(s, cadence)]
    return [drill for name in wanted for drill in _named(name, known)]


def _on(scenario: Scenario, cadence: str | None) -> bool:
    return cadence is None or cadence in scenario.cadences


def _named(name: str, known: Mapping[str, Scenario]) -> list[tuple[Scenario, Variant]]:
    match = _NAME.match(name)
    scenario = known.get(match["scenario"]) if match else None
    if match is None or scenario is None:
        ids = [f"{s.id}[{v.name}]" for s in known.values() for v in s.variants]
        raise UsageError(
            f"no scenario {name!r}",
            exists=nearest(name, [*known, *ids] if "[" in name else known),
            fix="blackstart list shows them all",
        )
    if match["variant"] is None:
        return [(scenario, variant) for variant in scenario.variants]
    variant = scenario.variant(match["variant"])
    if variant is None:
        raise UsageError(
            f"{scenario.id} has no variant {match['variant']!r}",
            exists=nearest(match["variant"], [v.name for v in scenario.variants]),
            fix=f"blackstart explain {scenario.id} says what each of them is",
        )
    return [(scenario, variant)]
