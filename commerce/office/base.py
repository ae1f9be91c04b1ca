"""What the lists of every app share. Thin: on `django.contrib.admin` alone the pages would work just as well."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin as ThemedAdmin
from unfold.admin import StackedInline, TabularInline
from unfold.decorators import action as themed_action
from unfold.enums import ActionVariant
from unfold.overrides import FORMFIELD_OVERRIDES_INLINE
from unfold.views import ChangeList as ThemedList
from unfold.widgets import UnfoldAdminTextInputWidget

from commerce.company import locations
from commerce.company.models import Location, User
from commerce.kernel.errors import DomainError
from commerce.office import access
from commerce.office.actions.save_view import tidy
from commerce.office.export import as_csv
from commerce.office.models import SavedView
from commerce.office.paginator import EstimatingPaginator


def person_of(request: HttpRequest) -> User:
    """The member of staff who asks."""
    assert isinstance(request.user, User)
    return request.user


def page_action(
    *, description: Any, icon: str, permission: str, url_path: str, primary: bool = False
) -> Callable[[Callable[..., HttpResponse]], Any]:
    """Mark a method of an admin as the page of an action (see `asking.ask`): a button for those who have `permission`,
    and nothing at all for the others, whatever address they type."""

    def mark(page: Callable[..., HttpResponse]) -> Any:
        @wraps(page)
        def guarded(admin: Any, request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not person_of(request).has_perm(permission):
                raise PermissionDenied
            return page(admin, request, **kwargs)

        variant = ActionVariant.PRIMARY if primary else ActionVariant.DEFAULT
        marked = themed_action(guarded, description=description, icon=icon, url_path=url_path, variant=variant)
        marked.permission = permission
        return marked

    return mark


def permitted(request: HttpRequest, actions: list[Any]) -> list[Any]:
    """Those of the theme's actions that this person may use."""
    person = person_of(request)
    wanted = ((action, getattr(action.method, "permission", "")) for action in actions)
    return [action for action, permission in wanted if not permission or person.has_perm(permission)]


def list_views(admin: Any, request: HttpRequest) -> list[dict[str, Any]]:
    """The views above a list: everything, those that come with it, and those that the person keeps."""
    here = tidy(request.GET.urlencode())
    label = admin.opts.label_lower
    kept = [(view.name, view.query, view.pk) for view in SavedView.objects.filter(person=request.user.pk, list=label)]
    offered = [(_("All"), "", None), *((name, tidy(query), None) for name, query in admin.views), *kept]
    views = [{"name": name, "query": query, "pk": pk, "current": query == here} for name, query, pk in offered]
    return views if admin.views or kept or admin.list_filter or admin.search_fields else []


def _of_places(db_field: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Nobody chooses the place between places, wherever a location is asked for."""
    return {"queryset": locations.places(), **kwargs} if db_field.related_model is Location else kwargs


class MatrixMixin:
    """Permissions from `access.ACCESS`; rows of other people's locations do not exist (T12).

    `location_path` is the way from a row to its location (`"level__location"`), empty when rows belong to no place.
    """

    model: type[Model]
    location_path = ""
    formfield_overrides: dict[Any, Any] = {ArrayField: {"widget": UnfoldAdminTextInputWidget}}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return isinstance(request.user, User) and access.may_view(request.user, self.model)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return isinstance(request.user, User) and access.may_edit(request.user, self.model)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return isinstance(request.user, User) and access.may_delete(request.user, self.model)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **_of_places(db_field, kwargs))  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **_of_places(db_field, kwargs))  # type: ignore[misc]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows = super().get_queryset(request)  # type: ignore[misc]
        places = access.bound_to(person_of(request))
        return self.of_places(rows, places) if places else rows

    def of_places(self, rows: "QuerySet[Any]", places: Sequence[int]) -> "QuerySet[Any]":
        """The rows that somebody bound to `places` (primary keys) may see."""
        return rows.filter(Q(**{f"{self.location_path}__in": places})) if self.location_path else rows


class OfficeList(ThemedList):
    """A page of rows, with what its columns show from other tables."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.model_admin.gather(self.result_list)


class OfficeAdmin(MatrixMixin, ThemedAdmin):
    """A list and a page per row, of things that people edit."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0
    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    # Names of documents, as `source_type` holds them elsewhere, whose uid this list's rows have, or the field that
    # leads to it: see `commerce.office.documents`.
    source_types: tuple[str, ...] = ()
    source_fields: dict[str, str] = {}
    # Ready-made views of the list: (name, query), shown above it beside those that people saved.
    views: tuple[tuple[Any, str], ...] = ()
    empty_value_display = "–"
    # What an empty list says about how rows come into it, where the usual words would not be true.
    when_empty: Any = ""
    list_before_template = "office/_views.html"

    def called(self, row: Any) -> str:
        """What people call a row where another page names it: its kind and its number."""
        return f"{capfirst(self.opts.verbose_name)} {row}"

    def gather(self, rows: Sequence[Any]) -> None:
        """Bring what the columns of these rows show from other tables, for all of them at once: a page of the list, or
        a part of its export."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ThemedList]:
        return OfficeList

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export), name=name), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """The list as it is filtered now, as a CSV file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return as_csv(self.get_changelist_instance(request))

    def get_actions_list(self, request: HttpRequest) -> list[Any]:
        return permitted(request, super().get_actions_list(request))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        return permitted(request, super().get_actions_detail(request, object_id))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        more = {
            "views": list_views(self, request),
            "title": capfirst(str(self.opts.verbose_name_plural)),
        }
        return super().changelist_view(request, {**more, **(extra_context or {})})


class HistoryAdmin(OfficeAdmin):
    """A list of what happened. Nothing is added, typed over or deleted here; rows change by actions only."""

    warn_unsaved_form = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OfficeInline(MatrixMixin, TabularInline):
    """Rows of a parent in a table; every field has a label of its own for those who do not see the heading."""

    extra = 0
    formfield_overrides = {**FORMFIELD_OVERRIDES_INLINE, **MatrixMixin.formfield_overrides}


class OfficeStack(MatrixMixin, StackedInline):
    """Rows of a parent below each other."""

    extra = 0


def refuse(form: Any, error: DomainError) -> None:
    """Put an expected refusal where the person reads it: beside the fields it names, else above the form."""
    fields = getattr(error, "fields", None) or {}
    for name, texts in fields.items():
        form.add_error(name if name in form.fields else None, texts)
    if not fields:
        form.add_error(None, str(error))
