from blackstart.model.seed import stream


def test_the_same_seed_and_name_give_the_same_numbers() -> None:
    assert stream(7, "a").random() == stream(7, "a").random()


def test_streams_do_not_shift_each_other() -> None:
    numbers = {stream(seed, name).random() for seed in (7, 8) for name in ("a", "b")}
    assert len(numbers) == 4
