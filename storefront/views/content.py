"""Pages of words, and what machines ask a shop for."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from storefront import queries
from storefront.sessions import visitor


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/about.html", {"canonical": f"{settings.SITE_URL}{request.path}"})


@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/returns.html", {"canonical": f"{settings.SITE_URL}{request.path}"})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    context = {"canonical": f"{settings.SITE_URL}{request.path}", "visitor_stores": visitor(request).stores}
    return render(request, "storefront/contact.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = ("/admin/", "/till/", "/api/", "/cart/", "/checkout", "/orders/", "/search/", "/country/")
    rules = "".join(f"Disallow: {path}\n" for path in closed)
    text = f"User-agent: *\n{rules}Sitemap: {settings.SITE_URL}/sitemap.xml\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    names = {"category": "shop-category", "product": "shop-product"}
    paths = ["/", *(reverse(name) for name in ("shop-stores", "shop-about", "shop-returns", "shop-contact"))]
    paths += [
        reverse("shop-store", args=[store.code]) for store in visitor(request).frame.locations if store.kind == "store"
    ]
    paths += [reverse(names[kind], args=[slug]) for kind, slug in queries.sitemap_pages()]
    urls = "".join(f"<url><loc>{escape(settings.SITE_URL + path)}</loc></url>\n" for path in paths)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return HttpResponse(f"{head}{urls}</urlset>\n", content_type="application/xml; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look without being told."""
    return redirect(static("favicon.svg"))
