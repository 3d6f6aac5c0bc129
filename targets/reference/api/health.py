"""How the service is: for balancers, for people, for Prometheus."""

from typing import Any

from fastapi import APIRouter, Response, status

from blackstart.targets.reference.api.access import ServicesOf

router = APIRouter()


@router.get("/health")
async def health(response: Response, services: ServicesOf) -> dict[str, Any]:
    """Say how every component is; 503 when nothing works without the one that is out."""
    found = await services.health.look()
    if found.status == "down":
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    if found.status == "ok":
        return {"status": "ok"}
    return {"status": found.status, "components": dict(found.components)}


@router.get("/health/live")
async def live() -> dict[str, str]:
    """Say that the process answers; a restart would not help with anything else."""
    return {"status": "ok"}


@router.get("/metrics")
async def metrics(services: ServicesOf) -> Response:
    """Give all counters and gauges."""
    return Response(services.metrics.render(), media_type="text/plain; version=0.0.4")
