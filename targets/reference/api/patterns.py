"""Patterns: one aggregate over all events, the same for every reader, from the cache."""

from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from blackstart.targets.reference.api.access import ServicesOf
from blackstart.targets.reference.database.tables import events

router = APIRouter(prefix="/api/patterns")

KEY = "patterns"


@router.get("")
async def patterns(response: Response, services: ServicesOf) -> Any:
    """Count events by kind; one key for all readers. The headers say how fresh it is."""

    async def compute() -> dict[str, Any]:
        return await services.database.run(count_by_kind)

    answer = await services.cache.read(KEY, compute)
    response.headers.update(answer.headers())
    return answer.entry.value


async def count_by_kind(connection: AsyncConnection) -> dict[str, Any]:
    """Aggregate in the database; one round trip."""
    query = select(events.c.kind, func.count(), func.max(events.c.seq)).group_by(events.c.kind)
    rows = await connection.execute(query)
    return {"patterns": [{"kind": kind, "count": n, "last_seq": seq} for kind, n, seq in rows]}
