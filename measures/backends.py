"""Counts the target's database connections and transactions, asked of the database directly."""

import threading

import numpy as np

from blackstart.measures.checkers.pool import BACKENDS, BUSY
from blackstart.measures.checkers.stampede import TRANSACTIONS
from blackstart.measures.history import Series
from blackstart.model.capabilities import Sql
from blackstart.model.clock import NS_PER_S, Clock

_EVERY_S = 0.1
_SEE_OUT_S = 0.5
_ASK = """
select (select count(*) from pg_stat_activity
         where datname = current_database() and application_name <> 'blackstart'
           and backend_type = 'client backend'),
       (select count(*) from pg_stat_activity
         where datname = current_database() and application_name <> 'blackstart'
           and backend_type = 'client backend' and state <> 'idle'),
       (select xact_commit + xact_rollback from pg_stat_database
         where datname = current_database())
"""


class BackendWatch:
    """Ten times a second, past the proxy: connections, busy ones, and transactions so far."""

    def __init__(self, database: Sql, clock: Clock) -> None:
        """Watch ``database`` on a connection of the harness's own."""
        self._database, self._clock = database, clock
        self._at_ns: list[int] = []
        self._rows: list[tuple[float, float, float]] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="backend watch", daemon=True)

    def start(self) -> None:
        """Watch from now on."""
        self._thread.start()

    def stop(self, *, idle: int | None = None) -> None:
        """Watch no more. With ``idle``, first give the target half a second to come down to it.

        Call it when traffic has ended: only then do the connections held say what is kept.
        """
        if not self._stopped.is_set():
            self._stopped.set()
            self._thread.join(timeout=6)
            self._see_out(idle)

    def _see_out(self, idle: int | None) -> None:
        deadline_ns = self._clock.now_ns() + int(_SEE_OUT_S * NS_PER_S)
        held = self._look()
        while idle is not None and held > idle and self._clock.now_ns() < deadline_ns:
            self._clock.sleep(0.02)
            held = self._look()

    def samples(self) -> dict[str, Series]:
        """The series by name. The watch's own transactions are taken off again."""
        at_ns = np.array(self._at_ns, dtype=np.int64)
        rows = np.array(self._rows, dtype=np.float64).reshape(-1, 3)
        own = np.arange(len(rows), dtype=np.float64)
        return {
            BACKENDS: Series(at_ns=at_ns, value=rows[:, 0]),
            BUSY: Series(at_ns=at_ns, value=rows[:, 1]),
            TRANSACTIONS: Series(at_ns=at_ns, value=rows[:, 2] - own),
        }

    def _watch(self) -> None:
        while not self._stopped.wait(_EVERY_S):
            self._look()

    def _look(self) -> float:
        """One sample; a database that does not answer leaves a gap, not a figure."""
        try:
            return self._sample()
        except (ConnectionError, TimeoutError):
            return 0.0

    def _sample(self) -> float:
        total, busy, transactions = (float(str(n)) for n in self._database.query(_ASK)[0])
        self._at_ns.append(self._clock.now_ns())
        self._rows.append((total, busy, transactions))
        return total
