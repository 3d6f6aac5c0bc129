"""The result file: one JSON object, ``schema`` first. Others script against it."""

from pathlib import Path

from blackstart.model.result import RunResult
from blackstart.reports.atomic_file import write_atomically
from blackstart.reports.redact import redacted


def result_json(result: RunResult) -> str:
    """The result as JSON text, redacted, with absent figures as null."""
    return redacted(result).model_dump_json(by_alias=True, indent=2) + "\n"


def write_json(result: RunResult, path: Path) -> None:
    """Write the result file at ``path``, whole or not at all."""
    write_atomically(path, result_json(result).encode())
