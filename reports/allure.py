"""Allure results of a run, written by ``blackstart run --allure`` without any test session."""

import uuid
from pathlib import Path

from allure_commons.model2 import GlobalAttachment, Globals, StatusDetails, TestResult

from blackstart.reports.allure_parts.compose import compose
from blackstart.reports.allure_parts.content import HTML, Attached, Content
from blackstart.reports.allure_parts.directory import ResultsDirectory
from blackstart.reports.allure_parts.labels import suites_of
from blackstart.reports.allure_parts.records import (
    label_records,
    parameter_records,
    step_record,
    stored,
)
from blackstart.reports.allure_parts.run_files import run_files
from blackstart.reports.atomic_file import write_atomically
from blackstart.reports.material import DrillMaterial, RunMaterial
from blackstart.reports.page import page


def write_allure(run: RunMaterial, directory: Path) -> None:
    """Write every drill of the run, and the run's own files, into ``directory``."""
    started_ms = int(run.result.started_at.timestamp() * 1000)
    results = ResultsDirectory(directory)
    for material in run.drills:
        _write_drill(material, results, started_ms)
    write_run_files(run, directory)


def write_run_files(run: RunMaterial, directory: Path) -> None:
    """Environment, categories, configuration, and the scorecard as an attachment of the run."""
    for name, content in run_files(run.result).items():
        write_atomically(directory / name, content)
    results = ResultsDirectory(directory)
    scorecard = Attached(name="Scorecard", body=page(run).encode(), kind=HTML)
    record = stored(scorecard, results.store)
    stamp_ms = int(run.result.started_at.timestamp() * 1000)
    shown = GlobalAttachment(
        name=record.name, source=record.source, type=record.type, timestamp=stamp_ms
    )
    results.write_globals(Globals(attachments=[shown]))


def _write_drill(material: DrillMaterial, results: ResultsDirectory, started_ms: int) -> None:
    content = compose(material)
    results.write_metrics(content.metrics)
    results.write_result(_result(content, material, results, started_ms))


def _result(
    content: Content, material: DrillMaterial, results: ResultsDirectory, started_ms: int
) -> TestResult:
    store = results.store
    known = content.waived or None
    return TestResult(
        uuid=str(uuid.uuid4()),
        name=content.title,
        fullName=content.full_name,
        historyId=content.history_id,
        testCaseId=content.history_id,
        titlePath=[material.scenario.family, material.scenario.component, material.scenario.id],
        status=content.status,
        statusDetails=StatusDetails(message=content.message, trace=content.details, known=known),
        stage="finished",
        descriptionHtml=content.description_html,
        labels=label_records(content.labels + suites_of(material)),
        parameters=parameter_records(content),
        steps=[step_record(step, store) for step in content.steps],
        attachments=[stored(attached, store) for attached in content.attached],
        start=content.start_ms or started_ms,
        stop=content.stop_ms or started_ms,
    )
