"""A target of somebody's own, which every test may change."""

from pathlib import Path

import pytest

SERVICE = Path(__file__).with_name("service.py")
OWN = f"""
[target]
name = "own"
start = "{{python}} {SERVICE} {{port}}"
needs = ["postgres", "redis"]

[traffic.read]
request = "GET /items"

[traffic.write]
request = "POST /orders"

[signals]
redis-lost = {{ log = "redis is gone" }}

[health]
request = "GET /health"
"""


@pytest.fixture
def own(tmp_path):
    """Writes a configuration of one's own, changed in places; returns its path."""

    def write(*changes: tuple[str, str], more: str = "") -> Path:
        text = OWN + more
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "blackstart.toml").write_text(text)
        return tmp_path / "blackstart.toml"

    return write
