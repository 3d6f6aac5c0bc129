"""The measured figures as Allure 3 metrics: trends, deltas and limits come with them."""

from collections.abc import Iterator

from blackstart.model.result import DrillResult, RunResult
from blackstart.reports.material import DrillMaterial
from blackstart.reports.moments import moments_of

GROUPS = {
    "rto": "Recovery time (against RTO)",
    "loss": "Loss (against RPO)",
    "normal": "Time back to normal",
}
_WORDS = {"rto": "recovery", "loss": "loss", "normal": "normal"}


def metrics_of(material: DrillMaterial) -> tuple[dict[str, object], ...]:
    """One sample for each figure that was measured; none is made up for those that were not."""
    if material.history is None:
        return ()
    moments = moments_of(material.history, material.result, material.scenario, material.variant)
    start_ms = material.wall_ms(moments.struck_ns or moments.start_ns)
    stop_ms = material.wall_ms(moments.back_ns or moments.end_ns)
    return tuple(
        {
            "id": material.id,
            "key": f"{group}.{material.id}",
            "value": value,
            "start": start_ms,
            "stop": max(start_ms, stop_ms),
        }
        for group, value in _figures(material.result)
    )


def metrics_config(result: RunResult) -> dict[str, object]:
    """Titles, units, direction and group for each key that a drill of this run may write."""
    metrics = {
        f"{group}.{drill.id}": {
            "title": f"{drill.id} {_WORDS[group]}",
            "unit": "s",
            "better": "lower",
            "group": group,
        }
        for group in GROUPS
        for drill in result.drills
    }
    groups = {group: {"title": title} for group, title in GROUPS.items()}
    return {"groups": groups, "metrics": metrics}


def metric_rules(result: RunResult) -> list[dict[str, object]]:
    """Quality gate: each drill's mean within its objective; a missing figure fails it."""
    rules: list[dict[str, object]] = []
    for drill in result.drills:
        for group, limit_s in (("rto", drill.rto_s), ("loss", drill.rpo_s)):
            if limit_s is not None:
                key = f"{group}.{drill.id}"
                limit = {"key": key, "value": limit_s, "unit": "s"}
                rules.append({"id": key, "metricMax": limit})
    return rules


def _figures(result: DrillResult) -> Iterator[tuple[str, float]]:
    for group, value_s in (
        ("rto", result.recovery_s),
        ("loss", result.loss_s),
        ("normal", result.normal_s),
    ):
        if value_s is not None:
            yield group, value_s
