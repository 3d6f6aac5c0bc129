"""What the service counts; one set for each application, so that tests can have several."""

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)


class Metrics:
    """The counters and gauges behind ``/metrics``."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = self._counter("requests", "Requests answered.", "route", "status")
        self.latency = Histogram(
            "reference_request_seconds", "Time to answer.", ["route"], registry=self.registry
        )
        self.in_flight = Gauge(
            "reference_requests_in_flight", "Requests being answered.", registry=self.registry
        )
        self.shed = self._counter("shed", "Requests refused with 503 on purpose.", "reason")
        self.attempts = self._counter("db_attempts", "Attempts on the database.")
        self.failures = self._counter("db_failures", "Attempts that failed.", "error")
        self.retries = self._counter("db_retries", "Attempts that repeat a failed one.")
        self.transitions = self._counter("breaker_transitions", "Changes of state.", "to")
        self.cache = self._counter("cache_answers", "Cached reads.", "how")
        self.recomputes = self._counter("cache_recomputes", "Aggregates computed.", "key")
        self.redis_losses = self._counter("redis_losses", "Times Redis was lost.")
        self.tokens_refused = self._counter("tokens_refused", "Tokens refused.", "why")

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"reference_{name}", what, labels, registry=self.registry)

    def watch(self, name: str, what: str, read: Callable[[], float]) -> None:
        """Export a gauge that is read whenever somebody asks."""
        gauge = Gauge(f"reference_{name}", what, registry=self.registry)
        gauge.set_function(read)

    def render(self) -> bytes:
        """Give everything in Prometheus's text format."""
        return generate_latest(self.registry)
