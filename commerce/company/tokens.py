"""Bearer tokens of other programs and of paired tills, and the scopes that each endpoint asks for."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from commerce.company.models import ApiToken, Device
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.errors import InvalidInput

SCOPES = {
    "carts": "fill carts and check them out",
    "orders": "read orders",
    "cancellations": "cancel what has not left of orders, and give its money back",
    "returns": "take goods of orders back, and give their money back",
    "sales": "record sales of a till",
    "availability": "read availability",
    "stock": "read why stock is what it is: movements, reservations and their documents",
    "events": "read events",
    "catalog": "read the catalog",
}
DEVICE_SCOPES = frozenset({"till", "sales", "availability", "catalog", "orders"})


def hash_token(token: str) -> str:
    """Tokens are 256 random bits, so a plain digest is enough at rest."""
    return hashlib.sha256(token.encode()).hexdigest()


@in_transaction
def issue(name: str, scopes: list[str], *, at: datetime) -> str:
    """Create a token and return it, the only time it can be seen. `["all"]` stands for every scope."""
    chosen = sorted(SCOPES) if scopes == ["all"] else scopes
    unknown = [scope for scope in chosen if scope not in SCOPES]
    if unknown or not chosen:
        raise InvalidInput(
            {"scopes": [f"Unknown scope {', '.join(unknown)}. Choose from: {', '.join(sorted(SCOPES))}."]}
        )
    token = f"cp_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(name=name, token_hash=hash_token(token), scopes=chosen, created_at=at)
    return token


@dataclass(frozen=True, slots=True)
class Client:
    """Who is calling: a program by its token, or a till by its device."""

    scopes: frozenset[str]
    token: ApiToken | None = None
    device: Device | None = None
    is_authenticated: bool = True

    @property
    def name(self) -> str:
        """A stable name, by which idempotency keys of different callers are kept apart."""
        return f"token:{self.token.pk}" if self.token else f"device:{self.device.pk}" if self.device else "nobody"


class ApiTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`, of an API token or of a paired device."""

    def authenticate(self, request: Request) -> tuple[Client, str] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words:
            return None
        if len(words) != 2 or words[0].lower() != "bearer":
            raise AuthenticationFailed("Send `Authorization: Bearer` and your token.")
        client = client_of(words[1])
        if client is None:
            raise AuthenticationFailed("This token is not valid, or was revoked.")
        return client, words[1]

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):
    """How the API's description says it."""

    target_class = ApiTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


def client_of(token: str) -> Client | None:
    """The caller that a token stands for, None when it stands for nobody."""
    digest = hash_token(token)
    if token.startswith("cpd_"):
        device = Device.objects.select_related("location").filter(token_hash=digest, revoked_at=None).first()
        return Client(DEVICE_SCOPES, device=device) if device else None
    found = rows(  # before every request of a program: the text of the statement need not be made anew each time
        "SELECT id, name, token_hash, scopes::text, created_at FROM company_apitoken"
        " WHERE token_hash = %s AND revoked_at IS NULL",
        [digest],
    )
    if not found:
        return None
    pk, name, kept, scopes, created_at = found[0]
    names = frozenset(json.loads(scopes))
    token_row = ApiToken(pk=pk, name=name, token_hash=kept, scopes=sorted(names), created_at=created_at)
    return Client(names, token=token_row)


@in_transaction
def revoke(token: ApiToken, *, at: datetime) -> None:
    """Take a program's key away. Revoking it again changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)


def client_token(request: Request) -> ApiToken | None:
    """The API token of the caller; None when a device calls."""
    return cast(Client, request.user).token
