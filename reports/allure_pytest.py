"""The same content put into a running test of allure-pytest.

The listener and its logger are not public API (allure-pytest is pinned below 3 for that): every
way to them is guarded, and without ``--alluredir`` nothing happens.
"""

import json

import allure_commons
from allure_commons.model2 import TestResult

from blackstart.reports.allure_parts.compose import compose
from blackstart.reports.allure_parts.directory import metrics_name
from blackstart.reports.allure_parts.records import (
    label_records,
    parameter_records,
    step_record,
    stored,
)
from blackstart.reports.material import DrillMaterial


def attach(material: DrillMaterial) -> None:
    """Give the running test the drill's title, labels, steps with measured times, attachments.

    Call it while the test runs (or in a fixture's teardown), once for each test. The status is
    pytest's: raise with :func:`blackstart.reports.message.status_message`.
    """
    test = _running()
    if test is None:
        return
    content = compose(material)
    test.name = content.title
    test.descriptionHtml = content.description_html
    test.labels.extend(label_records(content.labels))
    test.parameters.extend(parameter_records(content))
    test.steps.extend(step_record(step, _store) for step in content.steps)
    test.attachments.extend(stored(attached, _store) for attached in content.attached)
    if content.metrics:
        _store(json.dumps(content.metrics).encode(), metrics_name())


def settle_history(history_id: str) -> None:
    """Let the test's history hang on the drill, not on where its test function stands.

    Call it in an outermost wrapper around ``pytest_runtest_teardown``, after the yield:
    allure-pytest sets its own ids there.
    """
    test = _running()
    if test is not None:
        test.testCaseId = test.historyId = history_id


def _running() -> TestResult | None:
    """The test that allure-pytest is recording now; ``None`` when it records nothing."""
    for plugin in allure_commons.plugin_manager.get_plugins():
        logger = getattr(plugin, "allure_logger", None)
        if logger is not None:
            test: TestResult | None = logger.get_test(None)
            return test
    return None


def _store(body: bytes, file_name: str) -> None:
    allure_commons.plugin_manager.hook.report_attached_data(body=body, file_name=file_name)
