import jwt

from blackstart.measures.probes import templates
from blackstart.measures.probes.users import expires_in_s, key_id, make_users


def test_fields_are_filled_in_and_a_lone_number_stays_a_number():
    known = templates.values(7, "write", 3, 1)
    filled = templates.fill({"n": "{seq}", "t": "a{seq}", "l": ["{text:3}", 5]}, known)
    assert filled == {"n": 3, "t": "a3", "l": ["xxx", 5]}


def test_the_same_number_gives_the_same_request_and_another_another():
    first, again, other = (templates.values(7, "write", n, 0)["uuid"] for n in (1, 1, 2))
    assert first == again != other
    assert templates.body(7, "up", 1, 64) == templates.body(7, "up", 1, 64)
    assert templates.body(7, "up", 1, 64) != templates.body(8, "up", 1, 64)
    assert len(templates.body(7, "up", 1, 64)) == 64


def test_an_unknown_field_is_left_alone():
    assert templates.fill("{access}", {"seq": 1}) == "{access}"


def test_tokens_tell_their_key_and_their_time():
    token = jwt.encode({"exp": 1100}, "s" * 32, headers={"kid": "k9"})
    assert key_id(token) == "k9"
    assert expires_in_s(token, lambda: 1000.0) == 100.0


def test_tokens_of_another_make_tell_nothing():
    assert key_id("opaque") is None
    assert expires_in_s("opaque") is None


def test_users_differ_by_seed():
    assert [u.name for u in make_users(7, 3)] == [u.name for u in make_users(7, 3)]
    assert {u.secret for u in make_users(7, 3)}.isdisjoint(u.secret for u in make_users(8, 3))
