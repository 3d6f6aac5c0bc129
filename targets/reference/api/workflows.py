"""Workflows: kept, and run by hand."""

import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, status
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from blackstart.targets.reference.api.access import Caller, ServicesOf
from blackstart.targets.reference.database.tables import (
    audit_log,
    events,
    workflow_runs,
    workflows,
)

router = APIRouter(prefix="/api/workflows")


class Step(BaseModel):
    """``note`` records a text; ``count-events`` counts the caller's events of a kind."""

    do: Literal["note", "count-events"]
    what: str


class NewWorkflow(BaseModel):
    """Steps in order, under a name."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    steps: Annotated[list[Step], Field(min_length=1, max_length=100)]


@router.post("", status_code=status.HTTP_201_CREATED)
async def create(new: NewWorkflow, caller: Caller, services: ServicesOf) -> dict[str, Any]:
    """Keep a workflow."""
    workflow_id = uuid.uuid4()
    row = {"id": workflow_id, "user_id": caller.id, **new.model_dump()}

    async def keep(connection: AsyncConnection) -> None:
        await connection.execute(insert(workflows).values(row).on_conflict_do_nothing())

    await services.database.run_write(keep)
    return {"id": str(workflow_id)}


@router.get("")
async def mine(caller: Caller, services: ServicesOf) -> dict[str, Any]:
    """List the caller's workflows."""
    query = select(workflows.c.id, workflows.c.name, workflows.c.steps)
    query = query.where(workflows.c.user_id == caller.id).order_by(workflows.c.created_at)

    async def find(connection: AsyncConnection) -> list[dict[str, Any]]:
        return [dict(row) for row in (await connection.execute(query)).mappings()]

    return {"workflows": await services.database.run(find)}


@router.post("/{workflow_id}/run")
async def run(workflow_id: uuid.UUID, caller: Caller, services: ServicesOf) -> dict[str, Any]:
    """Run a workflow now; its result and the audit row are written together or not at all."""
    run_id = uuid.uuid4()

    async def execute(connection: AsyncConnection) -> list[Any]:
        return await _run(connection, workflow_id=workflow_id, run_id=run_id, user_id=caller.id)

    return {"id": str(run_id), "results": await services.database.run_in_transaction(execute)}


async def _run(
    connection: AsyncConnection, *, workflow_id: uuid.UUID, run_id: uuid.UUID, user_id: uuid.UUID
) -> list[Any]:
    steps = await connection.scalar(
        select(workflows.c.steps).where(
            workflows.c.id == workflow_id, workflows.c.user_id == user_id
        )
    )
    if steps is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "no such workflow")
    results = [await _take_step(connection, Step(**step), user_id) for step in steps]
    row = {"id": run_id, "workflow_id": workflow_id, "results": results}
    await connection.execute(insert(workflow_runs).values(row).on_conflict_do_nothing())
    audit = {"id": run_id, "user_id": user_id, "action": "run", "subject_id": workflow_id}
    await connection.execute(insert(audit_log).values(audit).on_conflict_do_nothing())
    return results


async def _take_step(connection: AsyncConnection, step: Step, user_id: uuid.UUID) -> Any:
    if step.do == "note":
        return step.what
    query = select(func.count()).select_from(events)
    return await connection.scalar(
        query.where(events.c.user_id == user_id, events.c.kind == step.what)
    )
