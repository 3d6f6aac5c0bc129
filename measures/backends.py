"""Counts the target's database connections and transactions, asked of the database directly."""

import threading

import numpy as np

from blackstart.measures.checkers.pool import BACKENDS, BUSY
from blackstart.measures.checkers.stampede import TRANSACTIONS
from blackstart.measures.history import Series
from blackstart.model.capabilities import Sql
from blackstart.model.clock import Clock

_EVERY_S = 0.1
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

    def stop(self) -> None:
        """Watch no more."""
        self._stopped.set()
        self._thread.join(timeout=6)

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
            rows = self._database.query(_ASK)
            self._at_ns.append(self._clock.now_ns())
            total, busy, transactions = rows[0]
            self._rows.append((float(str(total)), float(str(busy)), float(str(transactions))))
