"""What the proxies have seen, in Prometheus' text format."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blackstart.proxy.proxy import Proxy

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_COUNTERS = {
    "connections_accepted_total": ("accepted", "Clients' connections that were accepted."),
    "connections_refused_total": ("refused", "Connections that were accepted and reset at once."),
    "connections_broken_total": ("closed_by_fault", "Connections ended by a fault."),
    "upstream_failures_total": ("upstream_failed", "Clients for whom the upstream had no answer."),
    "held_bytes_total": ("held_total", "Bytes that a toxic has ever kept back."),
    "toxics_bit_total": ("toxics_bit", "Connections that a toxic has touched."),
}
_GAUGES = {
    "connections_open": ("open", "Connections that are open now."),
    "held_bytes": ("held_now", "Bytes that toxics keep back now."),
}


def render(proxies: Iterable["Proxy"]) -> str:
    """One page; bytes are counted as they pass, not only when a connection closes."""
    pages = [(proxy, proxy.totals()) for proxy in proxies]
    lines: list[str] = []
    for name, help_text in (
        ("toxiproxy_proxy_received_bytes_total", "Bytes that arrived at the proxy."),
        ("toxiproxy_proxy_sent_bytes_total", "Bytes that left the proxy."),
    ):
        lines += _head(name, "counter", help_text)
        lines += [line for page in pages for line in _bytes(name, *page)]
    for kind, table in (("counter", _COUNTERS), ("gauge", _GAUGES)):
        for suffix, (key, help_text) in table.items():
            name = f"blackstart_proxy_{suffix}"
            lines += _head(name, kind, help_text)
            lines += [f"{name}{{{_labels(proxy)}}} {totals[key]}" for proxy, totals in pages]
    return "\n".join(lines) + "\n"


def _head(name: str, kind: str, help_text: str) -> Iterator[str]:
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} {kind}"


def _bytes(name: str, proxy: "Proxy", totals: dict[str, int]) -> Iterator[str]:
    for direction in ("upstream", "downstream"):
        count = totals[f"bytes_{direction}"]
        if "_sent_" in name:
            count = totals[f"sent_{direction}"]
        yield f'{name}{{direction="{direction}",{_labels(proxy)}}} {count}'


def _labels(proxy: "Proxy") -> str:
    labels = {
        "proxy": proxy.name,
        "listener": str(proxy.listen_address),
        "upstream": str(proxy.upstream_address),
    }
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
