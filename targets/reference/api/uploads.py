"""Uploads: bytes in, the same bytes out."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response, status

from blackstart.targets.reference.api.access import Caller, ServicesOf
from blackstart.targets.reference.services import Services
from blackstart.targets.reference.storage.store import UploadStore

router = APIRouter(prefix="/api/uploads")

BYTES_MAX = 16 * 1024 * 1024

# No leading dot, no slash: a name is never a path.
FileName = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$")]


@router.put("/{name}", status_code=status.HTTP_201_CREATED)
async def keep(
    name: FileName, request: Request, caller: Caller, services: ServicesOf
) -> dict[str, str | int]:
    """Keep the body under a name of the caller's; 201 means it is kept."""
    body = await _body(request)
    await _store(services).put(_key(caller.id.hex, name), body)
    return {"name": name, "bytes": len(body)}


@router.get("/{name}")
async def fetch(name: FileName, caller: Caller, services: ServicesOf) -> Response:
    """Give the bytes back."""
    body = await _store(services).get(_key(caller.id.hex, name))
    if body is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "no such upload")
    return Response(body, media_type="application/octet-stream")


def _key(owner: str, name: str) -> str:
    return f"{owner}-{name}"


def _store(services: Services) -> UploadStore:
    if services.uploads is None:
        raise HTTPException(status.HTTP_501_NOT_IMPLEMENTED, "S3_ENDPOINT_URL is not set")
    return services.uploads


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BYTES_MAX:
            raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE, f"at most {BYTES_MAX} bytes")
    return bytes(body)
