"""The layouts with something in them, as pages of a URL configuration of the tests' own."""

from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from commerce import urls as site

STORES = [
    {"name": "Portland, Alberta Street", "url": "#", "sentence": "Open until 19:00", "is_current": True},
    {"name": "Amsterdam, Haarlemmerdijk", "url": "#", "sentence": "Opens at 11:00"},
]
CATEGORIES = [{"name": name, "url": "#", "is_current": name == "Camp"} for name in ("Camp", "Packs", "Clothing")]
SHOP = """{% extends "layouts/storefront.html" %}{% load ui %}{% block title %}Camp{% endblock %}
{% block content %}<div class="wrap"><div class="list-head"><h1>Camp</h1></div><div class="cards">
{% for name in names %}{% component "card" name=name href="#" minor=11900 currency="USD" level=2 %}{% endfor %}
</div></div>{% endblock %}"""
TILL = """{% extends "layouts/till.html" %}{% load ui %}{% block title %}Till{% endblock %}
{% block till_attrs %} data-hand="{{ hand }}"{% endblock %}
{% block till_head %}<h1 class="visually-hidden">Sale</h1>
{% component "field" name="q" label="Search or scan" hide_label=True prefix_icon="scan-barcode" type="search" %}
<div class="chips chips--scroll">{% for name in names %}{% component "chip" filter=True label=name %}{% endfor %}</div>
{% endblock %}
{% block till_stage %}<div class="tiles">{% for name in names %}
{% component "tile" name=name minor=11900 currency="USD" stock=3 state="low" %}{% endfor %}</div>{% endblock %}
{% block till_customer %}{% component "avatar" name="Mara Lindqvist" %}<p>Mara Lindqvist</p>{% endblock %}
{% block till_lines %}<ul class="lines">{% for name in names %}
{% blockcomponent "line" till=True name=name options="Moss" quantity=1 amount=1234567 currency="USD" %}
{% component "quantity" value=1 label=name %}{% endblockcomponent %}{% endfor %}</ul>{% endblock %}
{% block till_totals %}{% component "summary" kind="till" rows=rows total=1234567 currency="USD" %}{% endblock %}
{% block till_pay %}{% component "button" label="Pay" kind="primary" size="pay" key="F9" id="pay" %}
<div class="till__tools">{% component "button" label="Park" icon="pause" key="F4" %}
{% component "button" label="Discount" icon="percent" key="F8" %}</div>{% endblock %}
{% block till_switch_total %}$12,345.67{% endblock %}
{% block till_status %}{% component "status_strip" items=strip %}{% endblock %}"""
REFUSAL = """{% extends "errors/refusal.html" %}"""


def frame(request: HttpRequest, source: str) -> HttpResponse:
    context = {
        "brand_name": "Hadlo",
        "nav_categories": CATEGORIES,
        "stores": STORES,
        "store": STORES[0],
        "cart_count": 2,
        "names": [f"Ridge {number} trekking pack with a long name" for number in range(20)],
        "rows": [("Subtotal", 1234567), ("Tax", 0)],
        "strip": [{"icon": "cloud", "text": "Online"}, {"icon": "printer", "text": "Paper is out", "tone": "warning"}],
        "hand": request.GET.get("hand", "right"),
        "error": "Only 1 is left; you wanted 2.",
    }
    page = RequestContext(request)
    page.push(context)  # above what the context processors say
    return HttpResponse(Template(source).render(page))


urlpatterns = [
    path("shop/", frame, {"source": SHOP}),
    path("till/", frame, {"source": TILL}),
    path("refusal/", frame, {"source": REFUSAL}),
    *site.urlpatterns,
]
