import logging
from pathlib import Path

import pytest

from blackstart.targets.reference.auth.keyring import KeyringError, read_keyring
from blackstart.targets.reference.auth.keyring_file import KeyringFile

from .fakes import FakeClock
from .making import NEW, OLD, write_keys


def test_a_key_is_published_then_active_then_retired(tmp_path: Path) -> None:
    keyring = read_keyring(
        write_keys(tmp_path / "k", ("new", NEW, 200.0), ("old", OLD, 100.0)), now_s=150
    )
    old, new = keyring.keys
    assert [key.kid for key in keyring.keys] == ["old", "new"]
    assert keyring.signing_key(199.9).kid == "old"
    assert keyring.signing_key(200.0).kid == "new"
    assert keyring.find("new") == new  # published: verifies before it signs
    assert keyring.retired_for_s(old, 199.9) is None
    assert keyring.retired_for_s(old, 203.0) == 3.0
    assert keyring.retired_for_s(new, 1e9) is None


def test_retirement_counts_from_the_successor_not_from_the_newest(tmp_path: Path) -> None:
    path = write_keys(tmp_path / "k", ("a", OLD, 0.0), ("b", NEW, 100.0), ("c", "c" * 40, 500.0))
    keyring = read_keyring(path, now_s=600)
    assert keyring.retired_for_s(keyring.keys[0], 600) == 500.0
    assert keyring.retired_for_s(keyring.keys[1], 600) == 100.0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "Invalid JSON"),
        ('{"keys": []}', "at least 1"),
        ('{"keys": [{"kid": "a", "secret": "short", "active_at": 0}]}', "at least 32"),
        (f'{{"keys": [{{"kid": "a", "secret": "{OLD}", "active_at": 9e9}}]}}', "no key is active"),
    ],
)
def test_an_unusable_file_says_why_and_keeps_the_secret(
    tmp_path: Path, text: str, why: str
) -> None:
    path = tmp_path / "k"
    path.write_text(text)
    with pytest.raises(KeyringError, match=why) as refused:
        read_keyring(path, now_s=100)
    assert "short" not in str(refused.value).replace("shorter", "")
    assert OLD not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match=r"nowhere\.json: No such file"):
        read_keyring(tmp_path / "nowhere.json", now_s=0)


def test_two_keys_of_one_name_are_refused(tmp_path: Path) -> None:
    path = write_keys(tmp_path / "k", ("a", OLD, 0.0), ("a", NEW, 1.0))
    with pytest.raises(KeyringError, match="share a kid"):
        read_keyring(path, now_s=100)


def test_a_replaced_file_counts_from_the_next_use(tmp_path: Path, clock: FakeClock) -> None:
    path = write_keys(tmp_path / "k", ("old", OLD, 0.0))
    file = KeyringFile(path, clock)
    assert file.current().signing_key(clock()).kid == "old"
    write_keys(path, ("old", OLD, 0.0), ("new", NEW, clock() - 1))
    assert file.current().signing_key(clock()).kid == "new"


def test_a_broken_file_keeps_the_last_good_keyring_and_warns_once(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_keys(tmp_path / "k", ("old", OLD, 0.0))
    file = KeyringFile(path, clock)
    path.write_text("{broken")
    with caplog.at_level(logging.WARNING):
        assert file.current().find("old")
        assert file.current().find("old")
    assert len(caplog.records) == 1
    path.unlink()
    assert file.current().find("old")
