"""Finds a target's ``blackstart.toml`` and reads it."""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from blackstart.model.configuration import Configuration
from blackstart.model.errors import ConfigurationError, UsageError, nearest

FILE = "blackstart.toml"
_SHIPPED = {"reference": Path(__file__).parent / "reference" / FILE}
_EXAMPLE = f"mend it; a whole one to compare with: {_SHIPPED['reference']}"


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A configuration, the file it came from, and that file's SHA-256."""

    configuration: Configuration
    path: Path
    sha256: str

    @property
    def folder(self) -> Path:
        """Where the target's commands run."""
        return (self.path.parent / self.configuration.target.cwd).resolve()


def find(target: str | None, config: Path | None) -> Path:
    """The file for ``--target`` or ``--config``, or ``./blackstart.toml``; never a silent default.

    Raises ``UsageError`` saying how to name a target.
    """
    if config is not None:
        return config
    if target in _SHIPPED:
        return _SHIPPED[target]
    here = Path.cwd() / FILE
    if target is None and here.exists():
        return here
    if target is None:
        raise UsageError(
            "no target named",
            exists=f"looked for {here}; shipped targets: {', '.join(_SHIPPED)}",
            fix=f"write a {FILE}, or name one: --target reference, or --config FILE",
        )
    raise UsageError(
        f"no target {target!r}",
        exists=nearest(target, _SHIPPED),
        fix="use one of these, or describe your own and name the file with --config",
    )


def load(path: Path) -> Loaded:
    """Read and check a configuration. Raises ``ConfigurationError`` with place and remedy."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"cannot read the configuration: {error.strerror}",
            fix=f"name a {FILE} with --config, or a shipped target with --target",
            where=str(path),
        ) from error
    try:
        configuration = Configuration.model_validate(tomllib.loads(text.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"not TOML: {error}", fix=_EXAMPLE, where=str(path)) from error
    except ValidationError as error:
        raise ConfigurationError(_first(error), fix=_EXAMPLE, where=str(path)) from error
    return Loaded(configuration=configuration, path=path, sha256=hashlib.sha256(text).hexdigest())


def _first(error: ValidationError) -> str:
    problems = [
        f"{'.'.join(str(part) for part in p['loc'])}: {p['msg']}" for p in error.errors()[:5]
    ]
    return "; ".join(problems)
