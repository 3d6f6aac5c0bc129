import json
import time

import pytest

from blackstart.model.configuration import SigningConfig
from blackstart.targets.signing import Keyring

CONFIG = SigningConfig(
    file="{secrets}/keys.json",
    list="keys",
    entry={"id": "kid", "secret": "secret", "from": "active_at"},
    grace_s=2,
)


@pytest.fixture
def files(tmp_path):
    return [tmp_path / "a.json", tmp_path / "b.json"]


def kids(file):
    return [key["id"] for key in json.loads(file.read_text())["keys"]]


def test_every_instance_begins_with_one_active_key(files):
    kid = Keyring(CONFIG, files).begin()
    assert kids(files[0]) == kids(files[1]) == [kid]
    assert json.loads(files[0].read_text())["keys"][0]["from"] < time.time()


def test_a_published_key_reaches_the_last_instance_late_and_signs_later(files):
    keyring = Keyring(CONFIG, files)
    first = keyring.begin()
    started = time.time()
    second = keyring.publish(active_in_s=30, late_by_s=0.2)
    assert kids(files[0]) == kids(files[1]) == [first, second]
    assert files[1].stat().st_mtime - files[0].stat().st_mtime >= 0.2
    assert json.loads(files[0].read_text())["keys"][1]["from"] == pytest.approx(started + 30, abs=1)


def test_nobody_else_can_read_the_secrets(files):
    Keyring(CONFIG, files).begin()
    assert files[0].stat().st_mode & 0o077 == 0
