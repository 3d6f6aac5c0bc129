"""Events: written once, whatever the client repeats."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Query, status
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from blackstart.targets.reference.api.access import Caller, ServicesOf
from blackstart.targets.reference.database.tables import events

router = APIRouter(prefix="/api/events")


class NewEvent(BaseModel):
    """An event; its ``id`` comes from the client, so that repeating it is safe."""

    id: uuid.UUID
    seq: Annotated[int, Field(ge=-(2**63), lt=2**63)]
    kind: Annotated[str, Field(min_length=1, max_length=200)]
    payload: Any = None


@router.post("", status_code=status.HTTP_201_CREATED)
async def write(event: NewEvent, caller: Caller, services: ServicesOf) -> dict[str, Any]:
    """Keep an event; one that is there already is left as it is. One round trip."""
    row = {**event.model_dump(), "user_id": caller.id}

    async def keep(connection: AsyncConnection) -> None:
        await connection.execute(insert(events).values(row).on_conflict_do_nothing())

    await services.database.run_write(keep)
    return {"id": str(event.id)}


@router.get("")
async def newest(
    caller: Caller, services: ServicesOf, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> dict[str, Any]:
    """List the caller's newest events."""
    columns = (events.c.id, events.c.seq, events.c.kind, events.c.payload)
    query = select(*columns).where(events.c.user_id == caller.id)
    query = query.order_by(events.c.created_at.desc()).limit(limit)

    async def find(connection: AsyncConnection) -> list[dict[str, Any]]:
        return [dict(row) for row in (await connection.execute(query)).mappings()]

    return {"events": await services.database.run(find)}
