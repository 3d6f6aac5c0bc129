"""One drill's material, composed into what Allure shows of it."""

from collections.abc import Iterator

from blackstart.reports.allure_parts.content import (
    CSV,
    JSON,
    STATUS,
    ZIP,
    Attached,
    Content,
    history_id,
)
from blackstart.reports.allure_parts.description import description_html
from blackstart.reports.allure_parts.evidence import evidence_csv, marks_json, raw_zip
from blackstart.reports.allure_parts.labels import labels_of, parameters_of
from blackstart.reports.allure_parts.metrics import metrics_of
from blackstart.reports.allure_parts.steps import steps_of
from blackstart.reports.material import DrillMaterial
from blackstart.reports.message import status_message
from blackstart.reports.timeline import timeline


def compose(material: DrillMaterial) -> Content:
    """Titles go by the drill's id, never by figures: rows of its history must compare."""
    result, history, picture = material.result, material.history, timeline(material)
    return Content(
        title=material.id,
        full_name=f"blackstart.{result.scenario}#{result.variant}",
        history_id=history_id(material.target, material.id),
        status=STATUS[result.verdict],
        message=status_message(result),
        details="\n".join(_details(material)),
        labels=labels_of(material),
        parameters=parameters_of(material),
        description_html=description_html(material, picture),
        steps=steps_of(material, picture),
        attached=tuple(_attached(material)),
        metrics=metrics_of(material),
        start_ms=material.wall_ms(history.start_ns) if history else None,
        stop_ms=material.wall_ms(history.end_ns) if history else None,
        waived=result.waived,
    )


def _attached(material: DrillMaterial) -> Iterator[Attached]:
    history = material.history
    if history is not None:
        yield Attached(name="Evidence (failures first)", body=evidence_csv(history), kind=CSV)
        yield Attached(name="Marks", body=marks_json(history), kind=JSON)
        yield Attached(name="All probes and samples", body=raw_zip(history), kind=ZIP)
    body = material.result.model_dump_json(indent=2).encode()
    yield Attached(name="Result", body=body, kind=JSON)


def _details(material: DrillMaterial) -> Iterator[str]:
    result = material.result
    yield from result.reasons
    yield from (f"{finding.code.value}: {finding.detail}" for finding in result.findings)
    yield from (f"witness: {line}" for line in result.witness)
    yield f"replay: {result.replay}"
