"""A program's key is taken away."""

from datetime import datetime

from commerce.company import tokens
from commerce.company.models import ApiToken, User
from commerce.company.permissions import require
from commerce.kernel.db import action


@action
def revoke_token(token: ApiToken, *, person: User | None, at: datetime) -> None:
    """End the token at once. Raises `NotAllowed`."""
    require(person, "token.issue")
    tokens.revoke(token, at=at)
