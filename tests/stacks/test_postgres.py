"""What only Postgres can do: be asked in SQL by the harness, within limits."""

import os
import threading
import time

import psutil
import psycopg
import pytest

from blackstart.model.capabilities import Sql
from blackstart.stacks.postgres import Postgres
from blackstart.stacks.processes import ProcessStack
from blackstart.warden.client import Warden

ACTIVITY = "select count(*) from pg_stat_activity where application_name = 'blackstart'"


@pytest.fixture
def postgres(stack: ProcessStack) -> Postgres:
    found = stack.members["postgres"]
    assert isinstance(found, Postgres)
    found.start()
    return found


def test_it_is_asked_in_sql(postgres: Postgres) -> None:
    assert isinstance(postgres, Sql)
    assert postgres.query("select %s::int + 1, current_database()", (1,)) == [(2, "app")]
    assert postgres.query("create temporary table nothing ()") == []


def test_it_is_asked_past_the_proxy(postgres: Postgres) -> None:
    cut = postgres.link.add("refuse", stream="downstream", attributes={})
    assert postgres.query("select 1") == [(1,)]
    postgres.link.remove(cut)


def test_asking_often_takes_one_connection_that_says_whose_it_is(postgres: Postgres) -> None:
    for _ in range(5):
        assert postgres.query(ACTIVITY) == [(1,)]


def test_asking_counts_one_transaction_each_and_a_ping_none(postgres: Postgres) -> None:
    def counted() -> int:
        postgres.query("select pg_stat_force_next_flush()")
        rows = postgres.query("select xact_commit from pg_stat_database where datname = 'app'")
        return int(str(rows[0][0]))

    counted()  # the first one's count may hold what was done before
    before = counted()
    for _ in range(5):
        assert postgres.ping_s(direct=True, limit_s=1.0) is not None
    assert counted() - before == 2


def test_a_slow_statement_ends_at_the_limit(postgres: Postgres) -> None:
    started = time.monotonic()
    with pytest.raises(TimeoutError, match=r"no answer from Postgres in 0.2 s"):
        postgres.query("select pg_sleep(30)", limit_s=0.2)
    assert time.monotonic() - started < 1.0
    assert postgres.query("select 1") == [(1,)]


def test_a_paused_server_is_given_up_at_the_limit(postgres: Postgres) -> None:
    postgres.query("select 1")
    postgres.pause()
    with pytest.raises(TimeoutError, match=r"in 0.2 s"):
        postgres.query("select 1", limit_s=0.2)
    postgres.resume()
    assert postgres.query("select 1") == [(1,)]


def test_a_dead_server_is_an_error_and_a_new_one_is_asked_at_once(postgres: Postgres) -> None:
    postgres.query("select 1")
    postgres.kill()
    with pytest.raises(ConnectionError):
        postgres.query("select 1")
    postgres.start()
    assert postgres.query("select 1") == [(1,)]


def test_a_server_that_dies_meanwhile_is_an_error(postgres: Postgres) -> None:
    raised: list[BaseException] = []

    def ask() -> None:
        with pytest.raises(ConnectionError) as caught:
            postgres.query("select pg_sleep(30)", limit_s=20)
        raised.append(caught.value)

    asking = threading.Thread(target=ask)
    asking.start()
    with psycopg.connect(postgres.direct_url(), autocommit=True) as connection:
        while connection.execute(f"{ACTIVITY} and wait_event = 'PgSleep'").fetchone() == (0,):
            pass
    postgres.kill()
    asking.join(5)
    assert len(raised) == 1


def test_wrong_sql_says_what_is_wrong(postgres: Postgres) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable, match="no_such_table"):
        postgres.query("select * from no_such_table")


def test_the_targets_role_owns_its_database_and_no_more(stack: ProcessStack) -> None:
    with psycopg.connect(stack.addresses["postgres.url"]) as connection:
        row = connection.execute(
            "select current_user, rolsuper, pg_get_userbyid(datdba)"
            " from pg_roles, pg_database where rolname = current_user and datname = 'app'"
        ).fetchone()
    assert row == ("app", False, "app")


@pytest.mark.parametrize("fsync", ["off", "on"])
def test_fsync_is_off_unless_it_is_to_be_durable(warden: Warden, fsync: str) -> None:
    with ProcessStack(warden, needs=["postgres"], durable=fsync == "on") as stack:
        assert stack.members.able("postgres", Sql).query("show fsync") == [(fsync,)]


def test_a_setting_can_be_altered_by_a_drill(postgres: Postgres) -> None:
    postgres.query("alter system set max_connections = 20")
    postgres.restart()
    assert postgres.query("show max_connections") == [("20",)]
    postgres.query("alter system reset max_connections")


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's Postgres runs as that user")
def test_roots_postgres_is_nobodys(postgres: Postgres) -> None:
    assert psutil.Process(postgres.pid).username() == "nobody"
