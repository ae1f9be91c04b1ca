from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class OfficeConfig(AppConfig):
    name = "commerce.office"
    default = True


class OfficeAdminConfig(admin_apps.SimpleAdminConfig):
    """Django's admin on our own site object; it looks for the apps' `admin` modules as usual."""

    default_site = "commerce.office.site.OfficeSite"
    default = False

    def ready(self) -> None:
        super().ready()
        assert self.module is not None
        self.module.autodiscover()
