"""Open loop: each role's requests are due at fixed instants, whatever the target does."""

import asyncio
import time
from collections.abc import Callable

from blackstart.model.clock import NS_PER_S

Fire = Callable[[str, int], None]
"""Called with a role and the instant (monotonic ns) at which its request was due."""


class Schedule:
    """Calls ``fire`` for each role at its rate. What is late is fired at once, never dropped."""

    def __init__(self, fire: Fire) -> None:
        """Nothing is due until rates are set."""
        self._fire = fire
        self._interval_ns: dict[str, int] = {}
        self._due_ns: dict[str, int] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def set_rates(self, rates: dict[str, float]) -> None:
        """Requests per second for each role named; 0 stops a role, others go on as they were."""
        for place, (role, rate) in enumerate(sorted(rates.items())):
            self._stop_role(role)
            if rate > 0:
                self._interval_ns[role] = int(NS_PER_S / rate)
                # Roles start apart from each other, so that they don't leave in step.
                self._due_ns[role] = time.monotonic_ns() + place * 1_700_000
                self._arm(role)

    def stop(self) -> None:
        """Nothing more is fired."""
        for role in list(self._timers):
            self._stop_role(role)

    def _stop_role(self, role: str) -> None:
        timer = self._timers.pop(role, None)
        if timer is not None:
            timer.cancel()

    def _arm(self, role: str) -> None:
        # The loop's clock is the monotonic clock, in seconds.
        when = self._due_ns[role] / NS_PER_S
        self._timers[role] = asyncio.get_running_loop().call_at(when, self._tick, role)

    def _tick(self, role: str) -> None:
        now_ns = time.monotonic_ns()
        while self._due_ns[role] <= now_ns:
            self._fire(role, self._due_ns[role])
            self._due_ns[role] += self._interval_ns[role]
        self._arm(role)
