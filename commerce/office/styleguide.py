"""The page that shows every component in all its states, light beside dark. For staff who build pages."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

PARTS = (
    ("foundations", "Color, type and icons"),
    ("buttons", "Buttons"),
    ("forms", "Forms"),
    ("products", "Products"),
    ("lines", "Lines and totals"),
    ("messages", "Messages"),
    ("navigation", "Navigation"),
    ("data", "Figures and lists"),
    ("till", "Till"),
)


@staff_member_required
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide/page.html", {"parts": PARTS, **SAMPLES, "roles": color_roles()})


def color_roles() -> list[dict[str, str]]:
    """The colors of tokens.css: name, and the values for light and dark."""
    tokens = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text()
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", tokens)
    return [{"name": name, "light": light, "dark": dark} for name, light, dark in found]


def _picture(ground: str, shape: str) -> str:
    """A drawn picture as a data address, so that the page needs no media."""
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 80 100'><rect width='80' height='100' fill='{ground}'/>"
        f"<path d='M24 38q16-14 32 0l4 40q-20 8-40 0z' fill='{shape}'/>"
        f"<path d='M32 38q0-14 8-14t8 14' fill='none' stroke='{shape}' stroke-width='3'/></svg>"
    )
    return "data:image/svg+xml," + drawing.replace("#", "%23").replace("<", "%3C").replace(">", "%3E")


SAMPLES: dict[str, Any] = {
    "sides": [
        (
            side,
            [
                {"label": "Care", "panel": f"{side}-care", "is_current": True},
                {"label": "Measures", "panel": f"{side}-size"},
            ],
        )
        for side in ("light", "dark")
    ],
    "icons": ["shopping-bag", "store", "truck", "credit-card", "receipt", "scan-barcode", "package", "user"],
    "swatches": [
        ("Spruce", "#2f4d3f"),
        ("Oat", "#d9cbb0"),
        ("Ink", "#22262b"),
        ("Rust", "#a4502f"),
        ("Sky", "#8fb3c9"),
    ],
    "many_swatches": [(f"Color {n}", f"#{n}{n}6a5{n}") for n in range(1, 8)],
    "picture": _picture("#e3e0d5", "#4f6b5a"),
    "picture_second": _picture("#d8dde0", "#3f5a6b"),
    "pictures": [
        {"src": _picture("#e3e0d5", "#4f6b5a"), "alt": "Rolltop pack in spruce, front"},
        {"src": _picture("#d8dde0", "#3f5a6b"), "alt": "Rolltop pack in lake, front"},
        {"src": _picture("#ecdfd6", "#8a4b33"), "alt": "Rolltop pack in rust, front"},
    ],
    "totals": [("Subtotal", 14700), ("Spring offer", -1500, "discount"), ("Shipping", "Free"), ("Sales tax", 1089)],
    "stores": [("pdx", "Portland, Main Street"), ("sea", "Seattle, Pike Street"), ("ber", "Berlin, Torstraße")],
    "crumbs": [("Shop", "#"), ("Bags", "#"), ("Rolltop pack", "")],
    "steps": [("Cart", "#"), ("Contact and delivery", "#"), ("Payment", "")],
    "link_tabs": [
        {"label": "All", "href": "#", "is_current": True, "count": 128},
        {"label": "To pick", "href": "#", "count": 12},
        {"label": "Ready", "href": "#", "count": 4},
    ],
    "entries": [
        {"title": "Placed on the web", "at": "Today, 10:42", "by": "Mara Lindqvist", "icon": "shopping-bag"},
        {
            "title": "Picked and packed",
            "at": "Today, 11:15",
            "by": "Jo Okafor",
            "icon": "package-check",
            "tone": "positive",
        },
        {"title": "Card could not be charged", "at": "Today, 11:16", "icon": "circle-x", "tone": "danger"},
        {"title": "Ready for pickup", "at": "in about 1 hour", "icon": "store", "tone": "next"},
    ],
    "columns": [("Order", ""), ("Placed", ""), ("Channel", ""), ("Total", "figure")],
    "rows": [
        ("C-10482", "Today, 10:42", "Web", "$132.89"),
        ("C-10481", "Today, 10:31", "Portland, till 2", "$48.00"),
        ("C-10480", "Today, 09:58", "Web", "$1,204.10"),
    ],
    "points": [12, 14, 11, 17, 16, 21, 19, 24],
    "facets": [
        {
            "name": "color",
            "title": "Color",
            "is_open": True,
            "options": [
                {"value": "spruce", "label": "Spruce", "count": 12, "is_on": True, "color": "#2f4d3f"},
                {"value": "oat", "label": "Oat", "count": 7, "color": "#d9cbb0"},
                {"value": "sky", "label": "Sky", "count": 0, "color": "#8fb3c9"},
            ],
        },
        {"name": "size", "title": "Size", "options": [{"value": "m", "label": "M", "count": 3}]},
    ],
    "page": Paginator(range(240), 12).page(6),
    "strip": [
        {"icon": "store", "strong": "Portland", "text": "Till 2"},
        {"icon": "user", "text": "Jo Okafor"},
        {"icon": "clock", "text": "Shift since 9:00"},
    ],
    "strip_end": [
        {"icon": "cloud", "text": "Online", "tone": "positive"},
        {"icon": "printer", "text": "Paper is out", "tone": "warning"},
        {"icon": "unplug", "text": "Reader not found", "tone": "danger", "action": "find-reader"},
        {"icon": "clipboard-list", "strong": "3", "text": "tasks", "action": "tasks"},
    ],
    "receipt_text": "          MAIN STREET\n      2 Rolltop pack   98.00\n        Spring offer  -15.00\n"
    "------------------------------\nTOTAL USD               83.00\n",
}
