"""The application: settings in, ASGI out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from blackstart.targets.reference.api import auth, events, health, patterns, uploads, workflows
from blackstart.targets.reference.api.last_resort import LastResort
from blackstart.targets.reference.api.measuring import Measuring
from blackstart.targets.reference.errors import InDoubtError, UnavailableError
from blackstart.targets.reference.metrics import Metrics
from blackstart.targets.reference.services import build_services
from blackstart.targets.reference.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Put the application together; it connects to nothing before it is asked something."""
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.services = await build_services(settings, metrics)
        yield
        await app.state.services.close()

    async def shed(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, UnavailableError)  # noqa: S101 - registered for it below
        metrics.shed.labels(error.reason).inc()
        after_s = max(1, ceil(error.retry_after_s))
        return JSONResponse(
            {"detail": error.reason}, status_code=503, headers={"Retry-After": str(after_s)}
        )

    async def in_doubt(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": f"{error}; ask again with the same id"}, status_code=504)

    app = FastAPI(title="Blackstart's reference service", lifespan=lifespan)
    app.add_middleware(LastResort)
    app.add_middleware(Measuring, metrics=metrics)  # around the other: it counts its answers
    app.add_exception_handler(UnavailableError, shed)
    app.add_exception_handler(InDoubtError, in_doubt)
    for group in (auth, events, patterns, workflows, uploads, health):
        app.include_router(group.router)
    return app
