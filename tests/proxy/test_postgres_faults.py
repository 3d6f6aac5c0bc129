"""Postgres faults against a real server; whether rows are there is asked past the proxy."""

import contextlib
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from blackstart.proxy.client import Proxy

from . import services
from .running import Running, wait_until

Connect = Callable[..., "psycopg.Connection[tuple[int, ...]]"]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with services.postgres() as port:
        yield port


@pytest.fixture
def direct(port: int) -> Iterator["psycopg.Connection[tuple[int, ...]]"]:
    """Past the proxy."""
    with psycopg.connect(dsn(port), autocommit=True) as connection:
        connection.execute("drop table if exists t")
        connection.execute("create table t (id int primary key)")
        yield connection


@pytest.fixture
def proxy(proxies: Running, port: int, direct: object) -> Proxy:
    return proxies.create(f"127.0.0.1:{port}")


def dsn(port: int, sslmode: str = "disable") -> str:
    return f"host=127.0.0.1 port={port} user=postgres sslmode={sslmode} connect_timeout=5"


@pytest.fixture
def connect(proxy: Proxy) -> Iterator[Connect]:
    """Sessions through the proxy, closed after the test however they were broken."""
    with contextlib.ExitStack() as opened:

        def one(*, autocommit: bool = True) -> "psycopg.Connection[tuple[int, ...]]":
            made = psycopg.connect(dsn(proxy.port), autocommit=autocommit)
            return opened.enter_context(contextlib.closing(made))

        yield one


def rows(direct: "psycopg.Connection[tuple[int, ...]]") -> list[int]:
    return [row[0] for row in direct.execute("select id from t order by id").fetchall()]


def test_the_lost_answer_to_a_commit_leaves_the_row_behind(
    proxies: Running, proxy: Proxy, connect: Connect, direct: "psycopg.Connection[tuple[int, ...]]"
) -> None:
    connection = connect(autocommit=False)
    connection.execute("insert into t values (1)")
    proxies.client.add_toxic(proxy.name, "postgres_lose_commit", name="lost")
    with pytest.raises(psycopg.OperationalError):
        connection.commit()
    assert rows(direct) == [1]
    assert proxies.wait_for_event("toxic_bit", proxy).toxic == "lost"


def test_a_commit_that_wrote_nothing_keeps_its_answer(proxies: Running, proxy: Proxy) -> None:
    proxies.client.add_toxic(proxy.name, "postgres_lose_commit")
    with psycopg.connect(dsn(proxy.port)) as connection:
        connection.execute("select * from t")
        connection.commit()
        connection.execute("update t set id = 3 where id = 2")
        connection.commit()


def test_a_rolled_back_write_keeps_its_answer(proxies: Running, proxy: Proxy) -> None:
    proxies.client.add_toxic(proxy.name, "postgres_lose_commit")
    with psycopg.connect(dsn(proxy.port)) as connection:
        connection.execute("insert into t values (1)")
        connection.rollback()
        connection.execute("select 1")
        connection.commit()


@pytest.mark.parametrize("prepare", [True, False])
def test_a_write_outside_a_transaction_is_lost_too(
    proxies: Running,
    proxy: Proxy,
    connect: Connect,
    direct: "psycopg.Connection[tuple[int, ...]]",
    prepare: bool,  # noqa: FBT001
) -> None:
    proxies.client.add_toxic(proxy.name, "postgres_lose_commit", attributes={"times": 1})
    connection = connect()
    with pytest.raises(psycopg.OperationalError):
        connection.execute("insert into t values (%s)", (5,), prepare=prepare)
    assert rows(direct) == [5]
    with psycopg.connect(dsn(proxy.port), autocommit=True) as again:
        again.execute("insert into t values (6)")
    assert rows(direct) == [5, 6]


def test_a_lost_answer_can_leave_the_client_hanging(
    proxies: Running, proxy: Proxy, connect: Connect
) -> None:
    attributes = {"then": "hang"}
    proxies.client.add_toxic(proxy.name, "postgres_lose_commit", attributes=attributes)
    connection = connect()
    connection.pgconn.send_query(b"insert into t values (1)")
    proxies.wait_for_event("toxic_bit", proxy)
    connection.pgconn.consume_input()
    assert connection.pgconn.is_busy()
    proxies.client.reset()
    connection.pgconn.consume_input()
    assert connection.pgconn.is_busy(), "a stream with a gap went on"
    connection.pgconn.finish()
    wait_until(lambda: proxies.client.connections(proxy.name).counters["open"] == 0, "gone")


def test_the_nth_query_fails_with_the_sqlstate(
    proxies: Running, proxy: Proxy, direct: "psycopg.Connection[tuple[int, ...]]"
) -> None:
    attributes = {"nth": 2, "matching": "INSERT", "sqlstate": "40P01", "message": "it's a 100% $x$"}
    proxies.client.add_toxic(proxy.name, "postgres_fail_query", attributes=attributes)
    with psycopg.connect(dsn(proxy.port), autocommit=True) as connection:
        connection.execute("select 1")
        connection.execute("insert into t values (1)")
        with pytest.raises(psycopg.errors.DeadlockDetected, match="it's a 100% ") as failed:
            connection.execute("insert into t values (%s)", (2,))
        assert failed.value.sqlstate == "40P01"
        connection.execute("insert into t values (3)")
    assert rows(direct) == [1, 3]


def test_a_failed_query_fails_its_transaction_for_real(
    proxies: Running, proxy: Proxy, direct: "psycopg.Connection[tuple[int, ...]]"
) -> None:
    attributes = {"matching": "values (2)"}
    proxies.client.add_toxic(proxy.name, "postgres_fail_query", attributes=attributes)
    with psycopg.connect(dsn(proxy.port)) as connection:
        connection.execute("insert into t values (1)")
        with pytest.raises(psycopg.errors.SerializationFailure):
            connection.execute("insert into t values (2)")
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            connection.execute("insert into t values (3)")
        connection.rollback()
    assert rows(direct) == []


def test_a_prepared_statement_can_be_chosen_by_its_text(proxies: Running, proxy: Proxy) -> None:
    attributes = {"matching": "from t where", "nth": 4}
    proxies.client.add_toxic(proxy.name, "postgres_fail_query", attributes=attributes)
    with psycopg.connect(dsn(proxy.port), autocommit=True) as connection:
        for _ in range(3):
            connection.execute("select * from t where id = %s", (1,), prepare=True)
        with pytest.raises(psycopg.errors.SerializationFailure):
            connection.execute("select * from t where id = %s", (1,), prepare=True)
        connection.execute("select * from t where id = %s", (1,), prepare=True)


def test_a_pipeline_gets_one_answer_for_each_query(proxies: Running, proxy: Proxy) -> None:
    attributes = {"matching": "222"}
    proxies.client.add_toxic(proxy.name, "postgres_fail_query", attributes=attributes)
    with psycopg.connect(dsn(proxy.port), autocommit=True) as connection:
        with connection.pipeline() as pipeline:
            first = connection.execute("select 111")
            pipeline.sync()
            assert first.fetchone() == (111,)
            with pytest.raises(psycopg.errors.SerializationFailure):
                connection.execute("select 222").fetchone()
        assert connection.execute("select 333").fetchone() == (333,)


def test_only_matching_queries_are_delayed(proxies: Running, proxy: Proxy) -> None:
    attributes = {"matching": "slow", "delay_ms": 150}
    proxies.client.add_toxic(proxy.name, "postgres_delay_query", attributes=attributes)
    with psycopg.connect(dsn(proxy.port), autocommit=True) as connection:
        start_s = time.monotonic()
        connection.execute("select 'fast'")
        fast_s = time.monotonic() - start_s
        connection.execute("select 'slow'")
        slow_s = time.monotonic() - start_s - fast_s
    assert fast_s < 0.1
    assert 0.15 <= slow_s < 0.25


def test_lifting_a_delay_lets_the_query_go(proxies: Running, proxy: Proxy) -> None:
    attributes = {"delay_ms": 60_000}
    with psycopg.connect(dsn(proxy.port), autocommit=True) as connection:
        proxies.client.add_toxic(proxy.name, "postgres_delay_query", attributes=attributes)
        connection.pgconn.send_query(b"select 1")
        proxies.wait_for_event("toxic_bit", proxy)
        proxies.client.reset()
        result = connection.pgconn.get_result()
        assert result is not None
        assert result.get_value(0, 0) == b"1"
        assert connection.pgconn.get_result() is None


@pytest.mark.parametrize(("when", "state"), [("query", "57P01"), ("connect", "53300")])
def test_a_session_ends_with_the_sqlstate(
    proxies: Running, proxy: Proxy, connect: Connect, when: str, state: str
) -> None:
    attributes = {"when": when, "sqlstate": state}
    proxies.client.add_toxic(proxy.name, "postgres_end_session", attributes=attributes)
    with pytest.raises(psycopg.OperationalError) as ended:
        connect().execute("select 1")
    assert "administrator command" in str(ended.value)
    if when == "query":
        assert ended.value.sqlstate == state


def test_an_idle_session_can_be_ended_now(proxies: Running, proxy: Proxy, connect: Connect) -> None:
    connection = connect()
    connection.execute("select 1")
    attributes = {"when": "now"}
    proxies.client.add_toxic(proxy.name, "postgres_end_session", attributes=attributes)
    with pytest.raises(psycopg.errors.AdminShutdown):
        connection.execute("select 1")


def test_a_client_that_prefers_tls_is_read_and_one_that_insists_is_told(
    proxies: Running, proxy: Proxy
) -> None:
    proxies.client.add_toxic(proxy.name, "postgres_fail_query")
    with (
        psycopg.connect(dsn(proxy.port, "prefer"), autocommit=True) as connection,
        pytest.raises(psycopg.errors.SerializationFailure),
    ):
        connection.execute("select 1")
    with pytest.raises(psycopg.OperationalError, match="SSL was required"):
        psycopg.connect(dsn(proxy.port, "require"))
    assert "TLS" in proxies.wait_for_event("tls_declined", proxy).detail


def test_all_postgres_faults_at_once_change_nothing_they_are_not_for(
    proxies: Running, proxy: Proxy
) -> None:
    for kind in ("fail_query", "delay_query", "end_session"):
        attributes = {"matching": "never said"}
        proxies.client.add_toxic(proxy.name, f"postgres_{kind}", attributes=attributes)
    with psycopg.connect(dsn(proxy.port)) as connection:
        text = "x" * 3_000_000
        assert connection.execute("select %s::text", (text,)).fetchone() == (text,)
        with connection.cursor().copy("copy t from stdin") as copy:
            for number in range(20_000):
                copy.write_row((number,))
        counted = connection.execute("select count(*), sum(id) from t").fetchone()
        assert counted == (20_000, 199_990_000)
