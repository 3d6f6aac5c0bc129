"""What stops the start says so; migrating twice, or two at once, changes nothing."""

import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from blackstart.model.errors import StartError
from blackstart.targets.reference.migrate import LOCK_ID

from .conftest import House, StartOf
from .waiting import eventually

SERVICE = [sys.executable, "-m", "blackstart.targets.reference", "--port", "1"]
TAKING_TURNS = "select count(*) from pg_stat_activity where wait_event = 'advisory'"
MIGRATE = [sys.executable, "-m", "blackstart.targets.reference.migrate"]


def schema(house: House) -> list[tuple[object, ...]]:
    return house.postgres.query(
        "select table_name, column_name, data_type from information_schema.columns"
        " where table_schema = 'public' order by 1, 2"
    )


def run(argv: list[str], **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, env=env, capture_output=True, text=True, timeout=30, check=False)


def test_everything_that_is_missing_is_named_at_once() -> None:
    ended = run(SERVICE)
    assert ended.returncode == 1
    said = ended.stderr.splitlines()
    assert said[0] == "cannot start:"
    assert {line.split(":")[0].strip() for line in said[1:]} == {
        "DATABASE_URL",
        "REDIS_URL",
        "KEYRING_FILE",
    }


def test_a_missing_key_file_stops_the_start(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    ended = run(
        SERVICE, DATABASE_URL="postgresql:///x", REDIS_URL="redis://x", KEYRING_FILE=str(keys)
    )
    assert ended.returncode == 1
    assert ended.stderr == f"{keys}: No such file or directory\n"


def test_a_guardrail_that_does_not_exist_stops_the_start(started: StartOf) -> None:
    with pytest.raises(StartError) as refused:
        started(GUARDRAILS_OFF="breaker,braker")
    said = str(refused.value)
    assert re.match(r"reference-0: ended .*before it was ready\n", said)
    assert "GUARDRAILS_OFF" in said
    assert "unknown: braker; known: breaker, key-grace" in said


def test_migrating_again_changes_nothing(house: House) -> None:
    url = house.stack.addresses["postgres.url"]
    assert run(MIGRATE, DATABASE_URL=url).returncode == 0
    before = schema(house)
    assert {"users", "events", "audit_log"} <= {str(row[0]) for row in before}
    assert run(MIGRATE, DATABASE_URL=url).returncode == 0
    assert schema(house) == before


def test_those_who_migrate_an_empty_database_at_once_take_turns(house: House) -> None:
    house.postgres.query("create database fresh owner app")
    env = {"DATABASE_URL": house.stack.addresses["postgres.url"].removesuffix("/app") + "/fresh"}
    direct = house.postgres.direct_url().removesuffix("/app") + "/fresh"
    with psycopg.connect(direct) as first:
        first.execute("select pg_advisory_xact_lock(%s)", (LOCK_ID,))
        at_once = [subprocess.Popen(MIGRATE, env=env) for _ in range(2)]
        assert eventually(lambda: house.postgres.query(TAKING_TURNS) == [(2,)])
    assert [migrating.wait(30) for migrating in at_once] == [0, 0]


def test_no_database_to_migrate_is_said() -> None:
    ended = run(MIGRATE)
    assert (ended.returncode, ended.stderr) == (1, "cannot migrate: DATABASE_URL is not set\n")
