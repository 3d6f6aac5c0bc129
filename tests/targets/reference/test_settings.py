import pytest

from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.settings import SettingsError, read_settings

from .making import settings


def test_everything_that_stops_the_start_is_named_in_one_message() -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({"DB_POOL_SIZE": "0", "GUARDRAILS_OFF": "breakers"})
    text = str(refused.value)
    for name in ("DATABASE_URL", "REDIS_URL", "KEYRING_FILE", "DB_POOL_SIZE", "GUARDRAILS_OFF"):
        assert name in text


def test_an_unknown_guardrail_is_answered_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match=r"unknown: breakers; known: breaker, key-grace"):
        settings(GUARDRAILS_OFF="breakers")


def test_no_value_is_echoed() -> None:
    with pytest.raises(SettingsError) as refused:
        settings(DB_DEADLINE_S="hunter2")
    assert "hunter2" not in str(refused.value)
    assert "DB_DEADLINE_S" in str(refused.value)


def test_guardrails_are_on_until_named() -> None:
    found = settings(GUARDRAILS_OFF=" breaker, key-grace ,")
    assert not found.on(Guardrail.BREAKER)
    assert not found.on(Guardrail.KEY_GRACE)
    assert found.on(Guardrail.SHEDDING)


def test_an_empty_variable_counts_as_not_set() -> None:
    assert settings(S3_ENDPOINT_URL="", GUARDRAILS_OFF="").s3_endpoint_url is None
