"""From composed content to the records of Allure's own library."""

import uuid
from collections.abc import Callable

from allure_commons.model2 import Attachment, Label, Parameter, StatusDetails, TestStepResult

from blackstart.reports.allure_parts.content import Attached, Content, Step

Store = Callable[[bytes, str], None]
"""Puts bytes under a name into the results directory."""


def stored(attached: Attached, store: Store) -> Attachment:
    """An attachment, written, and the record that refers to it."""
    media_type, extension = attached.kind
    source = f"{uuid.uuid4()}-attachment.{extension}"
    store(attached.body, source)
    return Attachment(name=attached.name, source=source, type=media_type)


def step_record(step: Step, store: Store) -> TestStepResult:
    """A step with the steps and attachments inside it."""
    return TestStepResult(
        name=step.name,
        status=step.status,
        statusDetails=StatusDetails(message=step.message) if step.message else None,
        stage="finished",
        steps=[step_record(inner, store) for inner in step.steps],
        attachments=[stored(attached, store) for attached in step.attached],
        parameters=[Parameter(name=name, value=value) for name, value in step.figures],
        start=step.start_ms,
        stop=step.stop_ms,
    )


def label_records(labels: tuple[tuple[str, str], ...]) -> list[Label]:
    """Labels in order."""
    return [Label(name=name, value=value) for name, value in labels]


def parameter_records(content: Content) -> list[Parameter]:
    """Parameters, all left out of the history: another seed is the same drill."""
    return [Parameter(name=n, value=v, excluded=True) for n, v in content.parameters]
