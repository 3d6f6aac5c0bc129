"""``noop``: changes nothing; for trying out a client."""

from blackstart.proxy.stage import Stage
from blackstart.proxy.toxic import Kind

KIND = Kind("noop", {}, Stage)
