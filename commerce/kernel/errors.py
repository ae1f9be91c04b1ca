"""Expected failures. Anything that is not a `DomainError` is a bug and reaches the log as one."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal that the person can act on.

    `code` is stable and part of the API; `message` is a translatable text whose %(names)s are filled from the keyword
    arguments; `status` is the HTTP status that `kernel.http` answers with. `context` travels in API answers and must
    hold JSON values only.
    """

    code = "refused"
    status = 409
    message: Any = _("That is not possible right now.")

    def __init__(self, **context: Any) -> None:
        self.context = context
        super().__init__(str(self))

    def __str__(self) -> str:
        return str(self.message) % self.context if self.context else str(self.message)


class InvalidInput(DomainError):
    """Input that cannot be used. `fields` maps a field's name to a list of messages."""

    code = "invalid_input"
    status = 422
    message = _("Please check what you entered.")

    def __init__(self, fields: Mapping[str, Iterable[object]], **context: Any) -> None:
        self.fields = {name: [str(text) for text in texts] for name, texts in fields.items()}
        super().__init__(**context)

    def __str__(self) -> str:
        texts = [text for texts in self.fields.values() for text in texts]
        return " ".join(texts) if texts else str(self.message)


class NotFound(DomainError):
    code = "not_found"
    status = 404
    message = _("There is no %(what)s %(key)s.")


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403
    message = _("You do not have permission to do this. Ask a manager.")


class Busy(DomainError):
    """A lock could not be had in time; nothing was changed and the same request may be sent again."""

    code = "busy"
    status = 503
    message = _("This is busy right now. Nothing was changed; please try again.")


class Unavailable(DomainError):
    """The database cannot be reached, or was lost on the way: whether the change was kept is not known."""

    code = "unavailable"
    status = 503
    message = _("Our records cannot be reached right now. Please try again in a moment; nothing happens twice.")


class TooLarge(DomainError):
    code = "too_large"
    status = 413
    message = _("This is more than fits into one request: %(most)s MB. Send it in smaller parts.")


class IllegalMove(DomainError):
    code = "illegal_move"
    message = _("This %(noun)s is %(old)s and cannot become %(new)s.")


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was used before with another request. Use a new key for a new request.")


class StillWorking(DomainError):
    code = "request_in_progress"
    message = _("The first request with this Idempotency-Key is still at work. Ask again in a moment.")
