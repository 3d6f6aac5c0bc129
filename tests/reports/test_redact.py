"""Secrets are taken out of texts; ordinary sentences are left alone."""

import pytest

from blackstart.reports.redact import redact, redact_tree


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("postgres://app:hunter2@db:5432/orders failed", "hunter2"),
        ("redis://:hunter2@cache/0", "hunter2"),
        ("amqp://u:p@ss@w0rd@host", "p@ss@w0rd"),
        ("Authorization: Bearer abcdef1234567890", "abcdef1234567890"),
        ("authorization=Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("got eyJhbGciOi.eyJzdWIi.c2ln back", "eyJzdWIi"),
        ("key AKIAIOSFODNN7EXAMPLE denied", "AKIAIOSFODNN7EXAMPLE"),
        ("PGPASSWORD=hunter2 psql", "hunter2"),
        ("env POSTGRES_PASSWORD: 'hunter two'", "hunter two"),
        ('{"api_key": "sk-123", "x": 1}', "sk-123"),
        ("secret_key=abc;other=1", "abc"),
        ("tool --password hunter2 --verbose", "hunter2"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "MIIE"),
    ],
)
def test_secrets_are_hidden(text, secret):
    assert secret not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "a token of a retired key was accepted after its grace",
        "blackstart run 'auth-key-rotated[late]' --target orders-api --seed 7",
        "recovery 3.42 s ± 0.02, RTO 5 s",
        "http://127.0.0.1:5432/items?page=2",
        "OLD_KEY_ACCEPTED: 3 tokens signed with the old key",
        "redis: no answer to a direct PING in 1 s",
        "process 4711 is gone at 12:03:44",
    ],
)
def test_ordinary_sentences_are_left_alone(text):
    assert redact(text) == text


def test_what_surrounds_a_secret_is_kept():
    assert redact("postgres://app:x@db:5432/orders") == "postgres://app:***@db:5432/orders"
    assert redact("a=1 password=x b=2") == "a=1 password=*** b=2"


def test_in_a_tree_the_key_counts_too():
    tree = {"env": {"SIGNING_KEY": "abc", "retries": "3"}, "list": ["redis://:x@h"], "n": 4}
    assert redact_tree(tree) == {
        "env": {"SIGNING_KEY": "***", "retries": "3"},
        "list": ["redis://:***@h"],
        "n": 4,
    }


def test_a_secret_in_any_text_of_a_drill_never_enters_a_report(drills):
    secret = "postgres://app:hunter2@db/x"
    material = drills.inconclusive(reasons=(secret,), witness=(secret,), replay=secret)
    assert "hunter2" not in repr(material.result)
