"""What endpoints are given: the services, and who is asking."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request, status

from blackstart.targets.reference.auth.tokens import Kind, TokenRefusedError, Tokens, User
from blackstart.targets.reference.metrics import Metrics
from blackstart.targets.reference.services import Services


async def get_services(request: Request) -> Services:
    """Give what the application was put together from."""
    services: Services = request.app.state.services
    return services


ServicesOf = Annotated[Services, Depends(get_services)]


async def get_caller(request: Request, services: ServicesOf) -> User:
    """Say who is asking, by the bearer token; 401 without a good one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise refuse("a bearer token is needed")
    return verified(token, "access", services.tokens, services.metrics)


Caller = Annotated[User, Depends(get_caller)]


def verified(token: str, kind: Kind, tokens: Tokens, metrics: Metrics) -> User:
    """Verify a token; 401 when it is refused."""
    try:
        return tokens.verify(token, kind)
    except TokenRefusedError as error:
        metrics.tokens_refused.labels(str(error)).inc()
        raise refuse(str(error)) from error


def refuse(why: str) -> HTTPException:
    """Make a 401 that says why."""
    return HTTPException(status.HTTP_401_UNAUTHORIZED, why, headers={"WWW-Authenticate": "Bearer"})
