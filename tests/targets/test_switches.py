import pytest

from blackstart.model.configuration import Configuration
from blackstart.model.errors import ConfigurationError, UsageError
from blackstart.targets.references import fill
from blackstart.targets.switches import settings_of, switched_off

CONFIGURATION = Configuration.model_validate(
    {
        "target": {"name": "x", "start": "y"},
        "guardrails": {
            "a": {"off": {"env": {"OFF": "a", "A": "0"}}},
            "b": {"off": {"env": {"OFF": "b"}}},
        },
        "settings": {"reset_s": "RESET_S"},
    }
)


def test_switches_of_one_variable_are_joined():
    assert switched_off(CONFIGURATION, ["a", "b"]) == {"OFF": "a,b", "A": "0"}


def test_a_guardrail_without_a_switch_is_answered():
    with pytest.raises(UsageError, match="no switch for the guardrail 'c'"):
        switched_off(CONFIGURATION, ["c"])


def test_settings_that_the_target_does_not_have_are_left_out():
    assert settings_of(CONFIGURATION, {"reset_s": 1.5, "other": 3}) == {"RESET_S": "1.5"}


def test_references_are_filled_and_unknown_ones_answered():
    known = {"redis.url": "redis://x", "port": "1"}
    assert fill("{redis.url}/0 {port}", known, where="env") == "redis://x/0 1"
    with pytest.raises(ConfigurationError, match=r"env: nothing is called \{rediss.url\}") as error:
        fill("{rediss.url}", known, where="env")
    assert "nearest: redis.url" in str(error.value)
