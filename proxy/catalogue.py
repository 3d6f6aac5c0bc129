"""Every type of toxic, by name."""

from collections.abc import Mapping

from blackstart.proxy.protocols.http import slow_body, slow_down, status, truncated_body
from blackstart.proxy.protocols.postgres import delay_query, end_session, fail_query, lose_commit
from blackstart.proxy.protocols.redis import error, lose_reply
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

_KINDS = (
    bandwidth.KIND,
    half_open.KIND,
    hang.KIND,
    latency.KIND,
    limit_data.KIND,
    noop.KIND,
    refuse.KIND,
    reset_peer.KIND,
    slicer.KIND,
    slow_close.KIND,
    stall.KIND,
    timeout.KIND,
    slow_body.KIND,
    slow_down.KIND,
    status.KIND,
    truncated_body.KIND,
    error.KIND,
    lose_reply.KIND,
    delay_query.KIND,
    end_session.KIND,
    fail_query.KIND,
    lose_commit.KIND,
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}
