"""Every type of toxic, by name."""

from collections.abc import Mapping

from blackstart.proxy.toxic import Kind
from blackstart.proxy.toxics import (
    bandwidth,
    half_open,
    hang,
    latency,
    limit_data,
    noop,
    refuse,
    reset_peer,
    slicer,
    slow_close,
    stall,
    timeout,
)

KINDS: Mapping[str, Kind] = {
    module.KIND.name: module.KIND
    for module in (
        bandwidth,
        half_open,
        hang,
        latency,
        limit_data,
        noop,
        refuse,
        reset_peer,
        slicer,
        slow_close,
        stall,
        timeout,
    )
}
