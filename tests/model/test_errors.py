from blackstart.model.errors import BlackstartError, nearest


def test_an_error_says_where_what_exists_and_what_to_do() -> None:
    error = BlackstartError("no x", exists="known: y", fix="use y", where="a.toml:3")
    assert str(error).splitlines() == ["a.toml:3: no x", "known: y", "fix: use y"]


def test_absent_parts_leave_no_empty_lines() -> None:
    assert str(BlackstartError("no x")) == "no x"


def test_the_nearest_names_come_first() -> None:
    assert nearest("rediss", ["postgres", "redis"]).startswith("nearest: redis; known: postgres")
    assert nearest("zzz", []) == "known: none"
