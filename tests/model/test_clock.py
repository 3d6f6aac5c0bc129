import time

from blackstart.model.clock import FakeClock, MonotonicClock, seconds


def test_an_hour_costs_a_fake_clock_nothing() -> None:
    clock, started = FakeClock(), time.monotonic()
    before = clock.now_ns()
    clock.sleep(3600)
    assert seconds(before, clock.now_ns()) == 3600
    assert time.monotonic() - started < 1


def test_the_real_clock_never_steps_back_and_ignores_what_is_past() -> None:
    clock = MonotonicClock()
    before = clock.now_ns()
    clock.sleep(-5)
    assert clock.now_ns() >= before
