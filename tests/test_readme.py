"""What the README says to type, typed."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SHOWN = re.findall(r"^    \$ \.venv/bin/(blackstart .*)$", README, flags=re.MULTILINE)
BIN = Path(sys.executable).parent


def test_the_readme_shows_drills():
    assert len(SHOWN) == 2


@pytest.mark.slow
@pytest.mark.parametrize("command", SHOWN)
def test_a_command_of_the_readme_ends_as_shown(command):
    words = shlex.split(command)
    done = subprocess.run(
        [BIN / words[0], *words[1:]], capture_output=True, text=True, check=False, timeout=60
    )
    block = README.split(f"$ .venv/bin/{command}")[1].split("\n\n\n")[0]
    verdict = re.search(r"(held|breached) +redis-unavailable", block)
    assert verdict is not None
    assert done.returncode == {"held": 0, "breached": 1}[verdict[1]], done.stdout
    assert re.search(rf"{verdict[1]} +redis-unavailable\[cut\]", done.stdout)


def test_every_file_that_the_documents_link_to_is_there():
    for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_make_knows_the_targets_that_others_script_against():
    makefile = (ROOT / "Makefile").read_text()
    for target in ("setup", "drill", "prove", "test", "check", "bench"):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
