"""What the API says when it says no."""


class RefusedError(Exception):
    """A request that is not done, with the HTTP status that says why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def bad_body(reason: str) -> RefusedError:
    """400: the body cannot be used."""
    return RefusedError(400, f"bad request body: {reason}")


def missing_field(what: str) -> RefusedError:
    """400: a field that must be there is not."""
    return RefusedError(400, f"missing required field: {what}")


def proxy_not_found() -> RefusedError:
    """404."""
    return RefusedError(404, "proxy not found")


def toxic_not_found() -> RefusedError:
    """404."""
    return RefusedError(404, "toxic not found")


def proxy_exists() -> RefusedError:
    """409."""
    return RefusedError(409, "proxy already exists")


def toxic_exists() -> RefusedError:
    """409."""
    return RefusedError(409, "toxic already exists")


def invalid_toxic_type() -> RefusedError:
    """400."""
    return RefusedError(400, "invalid toxic type")


def invalid_stream() -> RefusedError:
    """400."""
    return RefusedError(400, "stream was invalid, can be either upstream or downstream")


def cannot_listen(reason: str) -> RefusedError:
    """500: the address cannot be listened on."""
    return RefusedError(500, reason)
