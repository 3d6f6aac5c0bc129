"""Events: written once, whatever the client repeats; and never a wrong word about it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import psycopg

from .client import Client, event
from .conftest import House
from .waiting import eventually, toxic

WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like %s"


def rows_of(house: House, new: dict[str, object]) -> int:
    """How often an event is there, past everything that might lie."""
    rows = house.postgres.query("select count(*) from events where id = %s::uuid", (new["id"],))
    return int(str(rows[0][0]))


def waits_to_insert(house: House) -> bool:
    """Whether one statement that writes an event has arrived and waits."""
    return house.postgres.query(WAITING, ("%INSERT INTO events%",)) == [(1,)]


@contextmanager
def events_locked(house: House) -> Iterator[None]:
    """Nobody can write an event meanwhile."""
    with psycopg.connect(house.postgres.direct_url(), application_name="blackstart") as holder:
        holder.execute("lock table events in exclusive mode")
        yield


def test_an_event_is_kept_as_it_was_sent(client: Client) -> None:
    new = event(kind="kept", payload={"text": "naïve", "list": [1, None]})
    answer = client.write(new)
    assert (answer.status, answer.json) == (201, {"id": new["id"]})
    assert client.ask("GET /api/events").json["events"] == [new]


def test_repeating_an_event_changes_nothing(house: House, client: Client) -> None:
    new = event(payload="first")
    assert client.write(new).status == 201
    assert client.write({**new, "payload": "second"}).status == 201
    assert rows_of(house, new) == 1
    assert client.ask("GET /api/events").json["events"][0]["payload"] == "first"


def test_events_are_their_writers_own(client: Client) -> None:
    client.write()
    other = Client(client.port)
    other.sign_up()
    assert other.ask("GET /api/events").json == {"events": []}


def test_a_write_that_was_sent_and_not_answered_is_in_doubt_and_may_be_there(
    house: House, client: Client
) -> None:
    new = event()
    with ThreadPoolExecutor(1) as beside, ExitStack() as stalled:
        with events_locked(house):
            writing = beside.submit(client.write, new)
            assert eventually(lambda: waits_to_insert(house))
            stalled.enter_context(toxic(house.link("postgres"), "stall"))
        answer = writing.result()
        assert answer.status == 504
        assert "retry-after" not in answer.headers
        assert rows_of(house, new) == 1
    assert eventually(lambda: client.write(new).status == 201)
    assert rows_of(house, new) == 1


def test_a_write_that_the_server_gave_up_is_refused_and_not_there(
    house: House, client: Client
) -> None:
    new = event()
    with events_locked(house):
        answer = client.write(new)
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) >= 1
    assert rows_of(house, new) == 0
    assert eventually(lambda: client.write(new).status == 201)
