import pytest

from blackstart.model.capabilities import Killable, Members, Pausable
from blackstart.model.errors import CapabilityError, UsageError


class Frozen:
    name = "redis"

    def pause(self) -> None: ...

    def resume(self) -> None: ...


class Plain:
    name = "s3"


MEMBERS = Members({"redis": Frozen(), "s3": Plain()})


def test_a_member_is_handed_out_as_what_it_can_do() -> None:
    assert MEMBERS.able("redis", Pausable) is MEMBERS["redis"]


def test_an_unknown_member_is_answered_with_those_that_exist() -> None:
    with pytest.raises(UsageError, match="no member 'rediss'") as error:
        MEMBERS["rediss"]
    assert "nearest: redis" in str(error.value)
    assert "fix:" in str(error.value)


def test_what_it_cannot_do_is_answered_with_who_could() -> None:
    with pytest.raises(CapabilityError, match="s3 is not Pausable") as error:
        MEMBERS.able("s3", Pausable)
    assert "Pausable: redis" in str(error.value)
    with pytest.raises(CapabilityError, match="nothing in this stack"):
        MEMBERS.able("s3", Killable)
