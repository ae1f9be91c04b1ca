"""Errors as the real API words and shapes them."""

from typing import Any

Row = dict[str, Any]


class ApiError(Exception):
    """An answer that is not a success.

    ``commits`` tells that what was written before it stays written (a declined charge is a fact);
    ``replayable`` that an idempotency key remembers this answer.
    """

    commits = False
    replayable = True

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.extra = extra

    def body(self) -> Row:
        """The JSON body: ``{"error": {...}}`` with only the members that are known."""
        error: Row = {"message": self.message, "type": self.kind}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param:
            error["param"] = self.param
        error.update({name: value for name, value in self.extra.items() if value is not None})
        return {"error": error}


class ParamError(ApiError):
    """A parameter that is unknown, missing or malformed: refused before anything ran, so no key remembers it."""

    replayable = False


class Unauthorized(ApiError):
    """No key, or a key that is not ours."""

    replayable = False

    def __init__(self, message: str) -> None:
        super().__init__(message, status=401)


class Forbidden(ApiError):
    """A publishable key used where only the secret key may go."""

    replayable = False

    def __init__(self, message: str) -> None:
        super().__init__(message, status=403, code="secret_key_required")


class Missing(ApiError):
    """No object of that kind has that id: 404 when the path named it, 400 when a parameter did."""

    def __init__(self, kind: str, identifier: str, param: str = "id") -> None:
        name = {"payment_method": "PaymentMethod"}.get(kind, kind)
        super().__init__(f"No such {name}: '{identifier}'", code="resource_missing", param=param)
        self.identifier = identifier


class UnexpectedState(ApiError):
    """The object's status forbids the step; the object is part of the answer."""

    def __init__(self, message: str, *, code: str = "payment_intent_unexpected_state", **objects: Any) -> None:
        super().__init__(message, code=code, **objects)


class CardError(ApiError):
    """The card was refused. What was recorded about the attempt stays."""

    commits = True

    def __init__(self, message: str, *, code: str, **extra: Any) -> None:
        super().__init__(message, status=402, kind="card_error", code=code, **extra)
