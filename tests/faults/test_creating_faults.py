"""What docs/CREATING_FAULTS.md shows is run as it stands there."""

import re
import subprocess
import sys
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs/CREATING_FAULTS.md"
FILE = re.compile(r"<!-- file: (\S+) -->\n```python\n(.*?)```\n", re.DOTALL)


def test_the_example_passes_the_kit(tmp_path: Path) -> None:
    files = dict(FILE.findall(DOCUMENT.read_text()))
    assert set(files) == {"hang_up.py", "test_hang_up.py"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    argv = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]
    ended = subprocess.run(
        [*argv, "test_hang_up.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "4 passed" in ended.stdout


def test_every_check_of_the_kit_is_told_of() -> None:
    kit = Path(__file__).parents[2] / "faults/conformance.py"
    checks = set(re.findall(r"^def (check_\w+)", kit.read_text(), re.MULTILINE))
    told = set(re.findall(r"^\| `(check_\w+)`", DOCUMENT.read_text(), re.MULTILINE))
    assert told == checks
