from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from commerce.company.models import User
from commerce.office import access, documents, home, views
from commerce.office.columns import address


class OfficeSite(UnfoldAdminSite):
    """The back office."""

    site_title = site_header = _("Counterpart")
    index_title = _("Today")
    index_template = "office/home.html"
    login_template = "office/login.html"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Everybody whose role has a desk; the role decides, not a flag beside it."""
        if not isinstance(request.user, User):
            return False
        return access.may_enter(request.user)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        # Colors come from static/css/pages/office_theme.css: a style element in the page would break our policy.
        return {**context, "colors": None, "border_radius": None}

    def extra_urls(self) -> list[URLPattern]:
        return [
            path("documents/<slug:source_type>/<str:key>/", self.admin_view(self.document), name="document"),
            path("views/", self.admin_view(views.save_view), name="saved-views"),
            path("views/<int:pk>/removal/", self.admin_view(views.remove_view), name="saved-view-removal"),
        ]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().index(request, {**home.context(request), **(extra_context or {})})

    def document(self, request: HttpRequest, source_type: str, key: str) -> HttpResponse:
        """Go to the page of the document that a movement, a reservation, a posting or a case names as its source.

        `key` is the document's uid, or the number that people know it by.
        """
        row = documents.find(self, request, source_type, key)
        if row is not None:
            return HttpResponseRedirect(address(row))
        raise Http404
