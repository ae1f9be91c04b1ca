from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite


class OfficeSite(UnfoldAdminSite):
    """The back office."""

    site_title = site_header = _("Counterpart")
    index_title = _("Today")
