"""Scopes of the API: a view names the one it needs, the caller's token must have it."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasScope(BasePermission):
    """Lets a caller in who has the view's scope; a view that names none lets nobody in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        wanted = getattr(view, "scope", None)
        return wanted is not None and wanted in getattr(request.user, "scopes", ())


def scope(name: str) -> Any:
    """Decorator above `@api_view`: the scope that a caller needs."""

    def mark(view: Any) -> Any:
        view.cls.scope = name
        return view

    return mark
