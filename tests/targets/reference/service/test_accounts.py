"""Registering, signing in, staying signed in."""

from .client import Client, somebody


def test_who_registers_can_sign_in_and_is_known(client: Client) -> None:
    who = somebody()
    created = client.ask("POST /api/auth/register", who)
    assert (created.status, created.json["username"]) == (201, who["username"])
    client.take(client.ask("POST /api/auth/login", who))
    me = client.ask("GET /api/auth/me")
    assert (me.status, me.json) == (200, created.json)


def test_a_session_is_continued_by_its_refresh_token(client: Client) -> None:
    name = client.ask("GET /api/auth/me").json["username"]
    before = client.token
    client.take(client.refresh())
    assert client.token != before
    assert client.ask("GET /api/auth/me").json["username"] == name


def test_tokens_are_good_for_their_own_purpose_only(client: Client) -> None:
    misused = Client(client.port, token=client.refresh_token, refresh_token=client.token)
    refused = [misused.ask("GET /api/auth/me"), misused.refresh()]
    assert [answer.status for answer in refused] == [401, 401]
    assert all(answer.headers["www-authenticate"] == "Bearer" for answer in refused)


def test_a_taken_name_or_address_is_a_conflict(client: Client) -> None:
    who = somebody()
    assert client.ask("POST /api/auth/register", who).status == 201
    for other in (
        {**somebody(), "username": who["username"]},
        {**somebody(), "email": who["email"]},
    ):
        assert client.ask("POST /api/auth/register", other).status == 409


def test_a_wrong_password_and_a_wrong_name_are_refused_alike(client: Client) -> None:
    who = somebody()
    client.ask("POST /api/auth/register", who)
    wrong = [{**who, "password": "wrong horse"}, somebody()]
    answers = [client.ask("POST /api/auth/login", one) for one in wrong]
    assert [answer.status for answer in answers] == [401, 401]
    assert answers[0].body == answers[1].body


def test_nobody_writes_without_a_token(client: Client) -> None:
    stranger = Client(client.port)
    assert stranger.write().status == 401
    assert stranger.ask("PUT /api/uploads/a", b"x").status == 401
