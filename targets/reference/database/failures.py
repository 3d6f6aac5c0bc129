"""Which errors mean "the database is in trouble" rather than "this request is wrong"."""

from sqlalchemy import exc

from blackstart.targets.reference.errors import DeadlineError

# No connection in time; not reachable, dropped, cancelled by the server; the driver's own trouble;
# past our deadline. A constraint violated or bad SQL is not among them.
DATABASE_FAILURES = (exc.TimeoutError, exc.OperationalError, exc.InterfaceError, DeadlineError)
