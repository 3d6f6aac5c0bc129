"""The results directory of Allure, through the library that allure-pytest itself writes with."""

import json
import uuid
from pathlib import Path
from typing import Any

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Globals, TestResult


class ResultsDirectory:
    """Writes results, attachments and metrics into one directory, made if it is not there."""

    def __init__(self, directory: Path) -> None:
        self._logger: Any = AllureFileLogger(str(directory))  # type: ignore[no-untyped-call]

    def store(self, body: bytes, file_name: str) -> None:
        """Put bytes under a name."""
        self._logger.report_attached_data(body, file_name)

    def write_result(self, result: TestResult) -> None:
        """Write one test's result."""
        self._logger.report_result(result)

    def write_globals(self, shown: Globals) -> None:
        """Write what belongs to the run as a whole."""
        self._logger.report_globals(shown)

    def write_metrics(self, metrics: tuple[dict[str, object], ...]) -> None:
        """Write metric samples; no file for none."""
        if metrics:
            self.store(json.dumps(metrics).encode(), metrics_name())


def metrics_name() -> str:
    """A name that Allure 3 takes for metric samples, of its own for each call."""
    return f"{uuid.uuid4()}-perf.json"
