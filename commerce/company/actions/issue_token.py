"""Another program is given a key."""

from datetime import datetime

from commerce.company import tokens
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action


@action
def issue_token(*, name: str, scopes: list[str], person: User | None, at: datetime) -> str:
    """The token, which can be seen this once. Raises `NotAllowed`, `InvalidInput`."""
    require(person, "token.issue")
    return tokens.issue(name.strip(), scopes, at=at)
