"""Every address of the product, by surface."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from commerce.kernel.views import media

urlpatterns = [
    path("", include("commerce.kernel.urls")),
    path("admin/", admin.site.urls),
    path("", include("commerce.office.urls")),
    path("till/", include("pos.urls", namespace="pos")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/v1/", include("commerce.events.urls")),
    path("api/v1/", include("inventory.urls")),
    path("api/v1/", include("orders.urls")),
    path("api/v1/", include("pos.api_urls")),
    path("api/v1/", include("storefront.api_urls")),
    re_path(r"^media/(?P<path>.*)$", media),
    path("", include("storefront.urls")),
]
handler404 = "commerce.kernel.views.not_found"
handler500 = "commerce.kernel.views.server_error"
