"""The house as a test: a room imports only from floors below its own, and from itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = {
    "drills": 4,
    "runner": 3,
    "targets": 2,
    "scenarios": 2,
    "reports": 2,
    "stacks": 1,
    "faults": 1,
    "measures": 1,
    "recovery": 1,
    "model": 0,
    "warden": 0,
    "proxy": 0,
}
# The warden and the model stand on one floor; the warden says what went wrong in the model's words.
SAME_FLOOR = {("warden", "model")}
APART = ("proxy", "targets/reference", "targets/calibration")  # import no other room at all


def imports_of(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "blackstart":
                yield from ((node.lineno, f"blackstart.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module


def may(room: str, other: str) -> bool:
    return room == other or FLOORS[other] < FLOORS[room] or (room, other) in SAME_FLOOR


def trespasses(path: str, source: str) -> list[str]:
    room = path.split("/", maxsplit=1)[0]
    apart = next((place for place in APART if path.startswith(f"{place}/")), None)
    found = []
    for line, module in imports_of(source):
        parts = module.split(".")
        if parts[0] != "blackstart" or len(parts) < 2:
            continue
        inside = apart is not None and module.startswith("blackstart." + apart.replace("/", "."))
        if apart and not inside:
            found.append(f"{path}:{line}: {apart} may not import {module}")
        elif not apart and not may(room, parts[1]):
            found.append(f"{path}:{line}: {room} may not import {parts[1]}")
    return found


def files() -> list[Path]:
    return [file for room in FLOORS for file in sorted((ROOT / room).rglob("*.py"))]


def test_rooms_import_only_from_floors_below() -> None:
    assert len(files()) > 50
    found = [
        trespass
        for file in files()
        for trespass in trespasses(file.relative_to(ROOT).as_posix(), file.read_text())
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("scenarios/x.py", "from blackstart.runner.cli import main"),
        ("faults/x.py", "import blackstart.stacks.processes"),
        ("model/x.py", "from blackstart import measures"),
        ("proxy/x.py", "from blackstart.model.errors import UsageError"),
        ("targets/reference/x.py", "from blackstart.model.errors import UsageError"),
        ("targets/reference/x.py", "from blackstart.targets.service import Service"),
    ],
)
def test_a_trespass_is_named_with_its_place(path: str, source: str) -> None:
    assert [t.split(": ")[0] for t in trespasses(path, source)] == [f"{path}:1"]


def test_every_package_of_the_import_name_is_a_room() -> None:
    links = {p.name for p in (ROOT / "src/blackstart").iterdir() if p.is_symlink()}
    assert links == set(FLOORS)


def test_no_room_is_called_utils() -> None:
    assert not [f for f in files() if f.stem in {"utils", "helpers", "common", "misc"}]
