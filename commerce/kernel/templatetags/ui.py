"""The words templates use to show things: `{% load ui %}`.

    {% component "button" label=_("Add to cart") kind="primary" hx_post=url %}
    {% blockcomponent "dialog" id="sizes" title=_("Sizes") %} … {% endblockcomponent %}
    {% money 1999 "USD" %}   {% icon "truck" %}   {{ person.name|initials }}

A component is `templates/components/<name>.html`. It sees only what it is given (and `request` and `csrf_token`).
Arguments that begin with `hx_`, `data_` or `aria_` become HTML attributes and reach the component as `attrs`; a
component that takes none of them ignores them. templates/components/README.md lists all components.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.template import Context, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from commerce.kernel.fragments import Fragments
from commerce.kernel.money import Money

_fragments = Fragments()
register = template.Library()
_ATTRIBUTE_PREFIXES = ("hx_", "data_", "aria_")
_PASSED_ON = ("request", "csrf_token")


class ComponentNode(template.Node):
    """One component with its arguments; `nodelist` is what stands between the tags of a block component."""

    def __init__(
        self, name: FilterExpression, arguments: dict[str, FilterExpression], nodelist: NodeList | None
    ) -> None:
        self.name = name
        self.arguments = arguments
        if nodelist is not None:
            self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        fragment = self._template(context, self.name.resolve(context))
        given = {key: value.resolve(context) for key, value in self.arguments.items()}
        if hasattr(self, "nodelist"):
            return self._rendered(fragment, given, context, content=self.nodelist.render(context))
        key = _fragments.key(fragment, given, context)
        if key is None:
            return self._rendered(fragment, given, context)
        kept = _fragments.get(key)
        if kept is None:
            kept = self._rendered(fragment, given, context)
            _fragments.keep(key, kept)
        return kept

    def _rendered(self, fragment: Any, given: dict[str, Any], context: Context, **content: SafeString) -> SafeString:
        values = {key: value for key, value in given.items() if not key.startswith(_ATTRIBUTE_PREFIXES)}
        values["attrs"] = attributes({key: value for key, value in given.items() if key not in values})
        values |= content
        for key in _PASSED_ON:
            values.setdefault(key, context.get(key))
        return SafeString(fragment.render(context.new(values)))

    def _template(self, context: Context, name: str) -> Any:
        """The compiled fragment, looked up once per component and rendered page."""
        known: dict[str, Any] = cast(dict[str, Any], context.render_context.dicts[0]).setdefault("components", {})
        if name not in known:
            assert context.template is not None
            known[name] = context.template.engine.get_template(f"components/{name}.html")
        return known[name]


def attributes(given: Mapping[str, Any]) -> SafeString:
    """HTML attributes from names written with underscores; None and False leave one out, True writes it bare.

    `aria_` attributes keep "true" and "false", since there both say something.
    """
    written: dict[str, Any] = {}
    for key, value in given.items():
        name = key.replace("_", "-")
        if key.startswith("aria_") and isinstance(value, bool):
            written[name] = "true" if value else "false"
        elif value is not None and value != "":
            written[name] = value
    return flatatt(written)


def _parse(parser: Parser, token: Token) -> tuple[FilterExpression, dict[str, FilterExpression]]:
    bits = token.split_contents()
    if len(bits) < 2:
        raise TemplateSyntaxError(f"{bits[0]} needs the name of a component")
    rest = bits[2:]
    arguments = token_kwargs(rest, parser)
    if rest:
        raise TemplateSyntaxError(f"{bits[0]} takes name=value only, not {rest[0]!r}")
    return parser.compile_filter(bits[1]), arguments


@register.tag("component")
def component(parser: Parser, token: Token) -> ComponentNode:
    """`{% component "name" argument=value … %}`"""
    return ComponentNode(*_parse(parser, token), None)


@register.tag("blockcomponent")
def blockcomponent(parser: Parser, token: Token) -> ComponentNode:
    """`{% blockcomponent "name" argument=value … %} content {% endblockcomponent %}`"""
    name, arguments = _parse(parser, token)
    nodelist = parser.parse(("endblockcomponent",))
    parser.delete_first_token()
    return ComponentNode(name, arguments, nodelist)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A Lucide icon named in static/icons.txt. Silent to screen readers unless it stands alone and has a `label`.

    `size`: sm 16, none 20, lg 24, xl 40 pixels.
    """
    return _drawn(f"{static('vendor/icons.svg')}#{name}", str(label), size)


@lru_cache(maxsize=1_000)
def _drawn(href: str, label: str, size: str) -> SafeString:
    size_class = f" icon--{size}" if size else ""
    if label:
        return format_html(
            '<svg class="icon{}" role="img" aria-label="{}"><use href="{}"/></svg>', size_class, label, href
        )
    return format_html('<svg class="icon{}" aria-hidden="true"><use href="{}"/></svg>', size_class, href)


def plain_money(minor: int | str, currency: str) -> str:
    """The amount in the reader's language, as text."""
    return _written(int(minor), str(currency), get_language() or "en")


@lru_cache(maxsize=4_000)
def _written(minor: int, currency: str, language: str) -> str:
    """Prices repeat from page to page, and putting one into words takes longer than the rest of its markup."""
    return Money(minor, currency).format(language)


@register.simple_tag
def money(minor: int | str | None, currency: str, kind: str = "") -> SafeString:
    """An amount of minor units, with figures of one width. `kind`: total, huge, positive, negative; none for None."""
    if minor is None or minor == "":
        return SafeString("")
    kind_classes = "".join(f" money--{word}" for word in kind.split())
    return format_html('<span class="money{}">{}</span>', kind_classes, plain_money(minor, currency))


@register.filter("money")
def money_filter(minor: int | str | None, currency: str) -> str:
    """The amount as text, for attributes, titles and plain mail: `{{ order.total_minor|money:order.currency }}`."""
    return "" if minor is None or minor == "" else plain_money(minor, currency)


@register.filter
def initials(name: str) -> str:
    """At most two letters for a person: first and last name."""
    words = [word for word in str(name).split() if word[:1].isalnum()]
    letters = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in letters).upper()


@register.simple_tag
def widget(field: BoundField, **attrs: Any) -> SafeString:
    """A form field's control in the look of this system; Django adds the references to hint and error."""
    given = {name.replace("_", "-"): value for name, value in attrs.items() if value not in (None, "")}
    classes = [field.field.widget.attrs.get("class", ""), str(given.pop("class", "field__control"))]
    return field.as_widget(attrs={**given, "class": " ".join(filter(None, classes))})


@register.simple_tag
def amount_or_text(value: Any, currency: str) -> SafeString:
    """An amount where `value` is a whole number of minor units, the words themselves otherwise ("Free")."""
    return money(value, currency) if isinstance(value, int) else SafeString(conditional_escape(value))


@register.filter
def paired(row: Sequence[Any], columns: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Each cell of a row with its column."""
    return list(zip(row, columns, strict=True))


@register.filter
def times(count: int) -> range:
    """To repeat something: `{% for dot in 4|times %}`."""
    return range(int(count))


@register.filter
def page_range(page: Page[Any]) -> list[int | None]:
    """The page numbers to offer, None where some are left out."""
    paginator = page.paginator
    numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


@register.filter
def toast_tone(level_tag: str) -> str:
    """The tone of a toast for a message of Django's messages framework."""
    return {"error": "danger", "warning": "warning"}.get(level_tag, "")


@register.simple_tag
def sparkline(points: Sequence[float]) -> SafeString:
    """A small curve without axes, for shape only: the figure beside it carries the meaning."""
    values = [float(point) for point in points]
    if len(values) < 2:
        return SafeString("")
    low, span = min(values), (max(values) - min(values)) or 1.0
    step = 100 / (len(values) - 1)
    line = " ".join(f"{index * step:.1f},{30 - (value - low) / span * 26:.1f}" for index, value in enumerate(values))
    return format_html(
        '<svg class="stat__spark" viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true">'
        '<polygon class="is-area" points="0,32 {0} 100,32"/>'
        '<polyline points="{0}" vector-effect="non-scaling-stroke"/></svg>',
        line,
    )


@register.filter
def local_path(url: str | None, request: HttpRequest | None) -> str:
    """`url` when it leads to this site, else the start page: for links back to where somebody came from."""
    hosts = {request.get_host()} if request else None
    return url if url and url_has_allowed_host_and_scheme(url, allowed_hosts=hosts) else "/"
