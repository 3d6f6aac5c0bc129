"""Registering, signing in, staying signed in."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, status
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from blackstart.targets.reference.api.access import Caller, ServicesOf, refuse, verified
from blackstart.targets.reference.auth.tokens import User
from blackstart.targets.reference.database.tables import users

router = APIRouter(prefix="/api/auth")

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Registration(BaseModel):
    """Somebody new."""

    email: Name
    username: Name
    password: Annotated[str, Field(min_length=8, max_length=1000)]


class Credentials(BaseModel):
    """Somebody known."""

    username: Name
    password: Annotated[str, Field(max_length=1000)]


class RefreshToken(BaseModel):
    """What a session is continued with."""

    refresh_token: str


@router.post("/register", status_code=status.HTTP_201_CREATED)
async def register(new: Registration, services: ServicesOf) -> dict[str, Any]:
    """Create a user; 409 when the name or the address is taken."""
    user_id = uuid.uuid4()
    row = {
        "id": user_id,
        "email": new.email,
        "username": new.username,
        "password_hash": await services.passwords.hash(new.password),
    }

    async def create(connection: AsyncConnection) -> bool:
        await connection.execute(insert(users).values(row).on_conflict_do_nothing())
        # Ours may have been there already: from an attempt whose answer got lost.
        stored = await connection.scalar(select(users.c.id).where(users.c.username == new.username))
        return stored == user_id

    if not await services.database.run_write(create):
        raise HTTPException(status.HTTP_409_CONFLICT, "name or address taken")
    return {"id": str(user_id), "username": new.username}


@router.post("/login")
async def login(credentials: Credentials, services: ServicesOf) -> dict[str, Any]:
    """Sign in; 401 without saying which of the two was wrong."""

    async def find(connection: AsyncConnection) -> tuple[uuid.UUID, str] | None:
        query = select(users.c.id, users.c.password_hash).where(
            users.c.username == credentials.username
        )
        row = (await connection.execute(query)).first()
        return (row.id, row.password_hash) if row else None

    found = await services.database.run(find)
    if found is None or not await services.passwords.matches(found[1], credentials.password):
        raise refuse("wrong name or password")
    return services.tokens.issue(User(id=found[0], username=credentials.username))


@router.post("/refresh")
async def refresh(token: RefreshToken, services: ServicesOf) -> dict[str, Any]:
    """Continue a session: new tokens, signed with the key that is active now."""
    user = verified(token.refresh_token, "refresh", services.tokens, services.metrics)
    return services.tokens.issue(user)


@router.get("/me")
async def me(caller: Caller) -> dict[str, Any]:
    """Say who is asking."""
    return {"id": str(caller.id), "username": caller.username}
