import pytest

from blackstart.faults.catalogue import FAULTS, make
from blackstart.model.errors import ConfigurationError, UsageError
from blackstart.model.scenario import Strike
from blackstart.scenarios.loading import catalogue, pick, read_scenario
from blackstart.targets.loading import find, load

FIRST_FOUR = {"auth-key-rotated", "db-pool-exhausted", "redis-unavailable", "uploads-restart"}


def test_the_catalogue_holds_the_first_four_in_order_of_priority():
    assert set(catalogue()) >= FIRST_FOUR
    priorities = [s.priority for s in catalogue().values()]
    assert priorities == sorted(priorities)


def test_every_strike_of_the_catalogue_is_a_fault_that_exists():
    strikes = [
        step
        for scenario in catalogue().values()
        for variant in scenario.variants
        for step in variant.steps
        if isinstance(step, Strike)
    ]
    assert strikes
    for step in strikes:
        assert type(make(step.fault, step.member, step.settings)) is FAULTS[step.fault]


def test_every_guardrail_named_by_a_proof_has_a_switch_in_the_reference():
    switches = set(load(find("reference", None)).configuration.guardrails)
    proofs = [p for s in catalogue().values() for v in s.variants for p in v.proofs]
    named = {name for proof in proofs for name in (proof.guardrail, *proof.masks)}
    assert named == switches


def test_a_scenario_is_picked_whole_or_by_variant():
    assert len(pick(["redis-unavailable"])) == 4
    assert [v.name for _, v in pick(["redis-unavailable[cut]"])] == ["cut"]


def test_a_cadence_picks_those_that_have_it():
    merge = {s.id for s, _ in pick([], "merge")}
    assert "redis-unavailable" in merge
    assert "uploads-restart" not in merge


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("redis-unavailabl", "nearest: redis-unavailable"),
        ("redis-unavailable[cutt]", "nearest: cut"),
        ("redis-unavailable[cut", "known:"),
        ("", "known:"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name, hint):
    with pytest.raises(UsageError) as error:
        pick([name])
    assert hint in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [("id = ", "not TOML"), ('id = "x"', "Field required")],
)
def test_a_broken_file_is_named(tmp_path, text, said):
    path = tmp_path / "x.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=said) as error:
        read_scenario(path)
    assert str(path) in str(error.value)


def test_a_fault_that_does_not_exist_or_a_setting_it_has_not_is_answered():
    with pytest.raises(UsageError, match="no fault 'kil'"):
        make("kil", "redis", {})
    with pytest.raises(UsageError, match="the fault latency has no delay"):
        make("latency", "redis", {"delay": 3})
