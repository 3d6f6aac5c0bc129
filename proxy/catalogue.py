"""Every type of toxic, by name."""

from collections.abc import Mapping

from blackstart.proxy.toxic import Kind
from blackstart.proxy.toxics import latency, noop, refuse, stall, timeout

KINDS: Mapping[str, Kind] = {
    module.KIND.name: module.KIND for module in (latency, noop, refuse, stall, timeout)
}
