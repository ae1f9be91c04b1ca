"""The pages of documents that rows name as their source: by kind, and by uid or the number that people know them by.

An admin says in `source_types` which kinds its list holds, in `source_fields` where another row's uid leads to one of
its own, and in `called` what people call a row.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib.admin import AdminSite
from django.db.models import F, Model
from django.http import HttpRequest
from django.utils.safestring import SafeString

from commerce.office.columns import document


def find(site: AdminSite, request: HttpRequest, source_type: str, key: str) -> Model | None:
    """The row whose page shows a document; None when this person sees no such one."""
    for admin in _admins(site, request, source_type):
        field = _uid_field(admin, source_type) if _is_uid(key) else getattr(admin, "source_number", "")
        try:
            row: Model | None = admin.get_queryset(request).filter(**{field: key}).first() if field else None
        except ValueError:  # no number at all
            row = None
        if row is not None:
            return getattr(admin, "page_of", lambda found: found)(row)
    return None


def named(
    site: AdminSite, request: HttpRequest, source_types: Sequence[str], keys: Iterable[str]
) -> dict[str, SafeString]:
    """Links to documents by their uids, called as people call them; a statement for each kind, however many there are.

    Keys that are no uid, or of which this person may see nothing, are left out.
    """
    wanted = {key for key in keys if _is_uid(key)}
    found: dict[str, SafeString] = {}
    for source_type in source_types:
        missing = wanted - found.keys()
        if not missing:
            break
        for admin in _admins(site, request, source_type):
            field = _uid_field(admin, source_type)
            rows = admin.get_queryset(request).filter(**{f"{field}__in": missing}).select_related(*_related(admin))
            for row in rows.annotate(document_uid=F(field)):
                found[str(row.document_uid)] = document(source_type, row.document_uid, admin.called(row))
    return found


def _admins(site: AdminSite, request: HttpRequest, source_type: str) -> list[Any]:
    admins = [admin for admin in site._registry.values() if source_type in getattr(admin, "source_types", ())]
    return [admin for admin in admins if admin.has_view_permission(request)]


def _uid_field(admin: Any, source_type: str) -> str:
    return getattr(admin, "source_fields", {}).get(source_type, "uid")


def _related(admin: Any) -> Sequence[str]:
    return admin.list_select_related if isinstance(admin.list_select_related, (tuple, list)) else ()


def _is_uid(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True
