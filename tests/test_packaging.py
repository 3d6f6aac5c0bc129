"""What is built has all of the house in it, and runs from where the clone is not."""

import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

pytestmark = pytest.mark.slow
CLONE = Path(__file__).parents[1]
ROOMS = tuple(
    sorted(link.name for link in (CLONE / "src" / "blackstart").iterdir() if link.is_symlink())
)
IMPORTS = """
import importlib, pkgutil, sys
from pathlib import Path
import blackstart

def test_every_module_comes_from_this_environment():
    home = Path(sys.prefix)
    found = [m.name for m in pkgutil.walk_packages(blackstart.__path__, "blackstart.")]
    run_only = ("__main__", "migrations.env")  # by Python, by Alembic
    modules = [importlib.import_module(n) for n in found if not n.endswith(run_only)]
    assert len(modules) > 100
    assert [m.__file__ for m in modules if home not in Path(m.__file__).parents] == []
"""  # fmt: skip


def tracked(*places: str) -> list[str]:
    """The clone's own files, by their paths; what lies about in it besides is nobody's."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *places],
        cwd=CLONE,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("this is no clone: nothing says which files are its own")
    return [name for name in listed.stdout.split("\0") if name and (CLONE / name).exists()]


def checked(*command: str | Path, cwd: Path, limit_s: float = 120) -> str:
    """Run a command that must succeed; what it said."""
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=limit_s, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The source distribution, and the wheel that is built from it."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("dist")
    for name in tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CLONE / name, copy / name, follow_symlinks=False)
    build = [sys.executable, "-m", "build", "--no-isolation"]
    checked(*build, "--outdir", out, copy, cwd=out)
    checked(*build, "--outdir", out / "direct", "--wheel", copy, cwd=out)
    return out


@pytest.fixture(scope="module")
def installed(built):
    """An environment with the wheel in it, and by its side what the wheel depends on.

    Not below pytest's own directory, which no other user can enter.
    """
    with TemporaryDirectory(prefix="installed-") as name:
        home = Path(name)
        home.chmod(0o755)
        checked(sys.executable, "-m", "venv", "--without-pip", home / "venv", cwd=home)
        python = home / "venv" / "bin" / "python"
        (wheel,) = built.glob("*.whl")
        pip = [sys.executable, "-m", "pip", "--quiet", "--python", python]
        checked(*pip, "install", "--no-deps", "--no-index", wheel, cwd=home)
        (packages,) = (home / "venv").glob("lib/python*/site-packages")
        (packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
        yield home


def contents(archive: Path) -> set[str]:
    """The paths in an archive, from ``blackstart/`` on."""
    if archive.suffix == ".whl":
        names = zipfile.ZipFile(archive).namelist()
    else:
        with tarfile.open(archive) as opened:
            names = [member.name for member in opened if member.isfile()]
    parts = [name.partition("src/") if "src/" in name else ("", "", name) for name in names]
    return {name for _, _, name in parts}


@pytest.mark.parametrize("pattern", ["*.tar.gz", "*.whl", "direct/*.whl"])
def test_every_file_of_every_room_is_in_it(built, pattern):
    (archive,) = built.glob(pattern)
    inside = contents(archive)
    wanted = {f"blackstart/{name}" for name in tracked(*ROOMS)}
    assert len(wanted) > 200
    assert wanted - inside == set()
    assert {"blackstart/__init__.py", "blackstart/py.typed"} <= inside


@pytest.mark.parametrize("pattern", ["*.tar.gz", "*.whl"])
@pytest.mark.parametrize(
    "path",
    [
        "blackstart/scenarios/resilience/redis-unavailable.toml",
        "blackstart/targets/reference/blackstart.toml",
        "blackstart/targets/reference/migrations/env.py",
        "blackstart/drills/test_resilience.py",
    ],
)
def test_what_a_drill_reads_is_in_it(built, pattern, path):
    (archive,) = built.glob(pattern)
    assert path in contents(archive)


@pytest.mark.parametrize("pattern", ["*.tar.gz", "*.whl"])
def test_what_is_only_the_clones_is_not(built, pattern):
    (archive,) = built.glob(pattern)
    others = ("tests/", "benchmarks/", ".ci/", "blackstart/tests", "__pycache__")
    assert [name for name in contents(archive) if any(part in name for part in others)] == []


def test_it_lists_and_drills_where_the_clone_is_not(installed):
    command = installed / "venv" / "bin" / "blackstart"
    assert "redis-unavailable" in checked(command, "list", cwd=installed)
    said = checked(command, "run", "redis-unavailable[cut]", "--target", "reference", cwd=installed)
    assert "1 held" in said


def test_every_module_can_be_imported_by_pytests_importlib(installed):
    (installed / "test_imports.py").write_text(IMPORTS)
    python = installed / "venv" / "bin" / "python"
    options = ["-p", "no:valkey", "-p", "no:cacheprovider", "-W", "error", "-q"]
    pytest_ = [python, "-m", "pytest", "--import-mode=importlib", *options]
    assert "1 passed" in checked(*pytest_, "test_imports.py", cwd=installed)
