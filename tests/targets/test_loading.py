import pytest

from blackstart.model.errors import ConfigurationError, UsageError
from blackstart.targets.loading import find, load


def test_the_reference_is_never_a_silent_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="no target named") as error:
        find(None, None)
    assert "--target reference" in str(error.value)


def test_a_configuration_in_the_folder_is_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "blackstart.toml").write_text("")
    assert find(None, None) == tmp_path / "blackstart.toml"


def test_an_unknown_target_is_answered_with_those_there_are():
    with pytest.raises(UsageError, match="no target 'refrence'") as error:
        find("refrence", None)
    assert "nearest: reference" in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot read the configuration"),
        ("[target", "not TOML"),
        ('[target]\nname = "x"', "target.start: Field required"),
        ('[target]\nname = "x"\nstart = "y"\nstrat = "z"', "target.strat"),
    ],
)
def test_a_wrong_configuration_says_what_and_where(tmp_path, text, said):
    path = tmp_path / "b.toml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigurationError, match=said.replace(".", r"\.")) as error:
        load(path)
    assert str(path) in str(error.value)


def test_its_digest_is_that_of_the_file(tmp_path):
    path = tmp_path / "b.toml"
    path.write_text('[target]\nname = "x"\nstart = "y"')
    first = load(path)
    path.write_text('[target]\nname = "x"\nstart = "z"')
    assert len(first.sha256) == 64
    assert load(path).sha256 != first.sha256
