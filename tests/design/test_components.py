"""The tags of `{% load ui %}` and the agreement between fragments, style sheets, icons and those who use them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from commerce.kernel.templatetags import ui
from commerce.runtime.browser_files import icon_names

PROJECT = Path(__file__).parents[2]
TEMPLATES = PROJECT / "templates"
COMPONENTS = TEMPLATES / "components"
CSS = PROJECT / "static" / "css"
NAMES = sorted(path.stem for path in COMPONENTS.glob("*.html"))
WITHOUT_A_SHEET = {"toasts": "toast", "status_item": "status_strip"}
_ARGUMENTS = re.compile(r"{# Arguments: ([^#]*?) #}")
_USE = re.compile(r'{%\s*(?:block)?component\s+"(\w+)"(?P<rest>.*?)%}', re.DOTALL)
_STRING = re.compile(r'"[^"]*"|\'[^\']*\'')
_ICON = re.compile(r'(?:{% icon (?:[\w.]+\|default:)?|\bicon(?:_end)?=|prefix_icon=)"([a-z0-9-]+)"')


def render(source: str, **context: object) -> str:
    return Template("{% load ui i18n %}" + source).render(Context(context)).strip()


def arguments_of(name: str) -> set[str]:
    found = _ARGUMENTS.match((COMPONENTS / f"{name}.html").read_text())
    assert found, f"{name}.html does not begin with its arguments"
    return {argument.strip() for argument in found[1].split(",")}


def uses(text: str) -> Iterator[tuple[str, set[str]]]:
    for found in _USE.finditer(text):
        yield found[1], set(re.findall(r"(\w+)=", _STRING.sub("", found["rest"])))


def unknown_arguments(text: str) -> list[str]:
    problems = []
    for name, given in uses(text):
        known = arguments_of(name) if name in NAMES else set()
        extra = {word for word in given if not word.startswith(("hx_", "data_", "aria_"))} - known
        problems += [f"{name} has no argument {word}" for word in extra] or ([] if name in NAMES else [f"no {name}"])
    return problems


def test_templates_pass_only_arguments_that_exist() -> None:
    for path in TEMPLATES.rglob("*.html"):
        assert unknown_arguments(path.read_text()) == [], path


def test_a_mistyped_argument_is_noticed() -> None:
    assert unknown_arguments('{% component "button" lable="Pay" %}') == ["button has no argument lable"]
    assert unknown_arguments('{% component "buton" %}') == ["no buton"]


@pytest.mark.parametrize("name", NAMES)
def test_every_component_has_a_sheet_in_the_style_guide(name: str) -> None:
    sheet = WITHOUT_A_SHEET.get(name, name)
    assert f'url("components/{sheet}.css")' in (CSS / "styleguide.css").read_text()
    assert (CSS / "components" / f"{sheet}.css").exists()
    shown = "".join(path.read_text() for path in (*(TEMPLATES / "styleguide").glob("*.html"), *COMPONENTS.glob("*")))
    assert f'component "{name}"' in shown or name == "toasts"


def test_bundles_import_what_exists_and_declare_the_layers() -> None:
    for bundle in ("storefront", "till", "office", "styleguide"):
        text = (CSS / f"{bundle}.css").read_text()
        assert "@layer reset, tokens, base, components, pages;" in text
        for imported in re.findall(r'@import url\("([^"]+)"\)', text):
            assert (CSS / imported).exists(), imported


def test_icons_that_templates_name_are_drawn() -> None:
    drawn = set(icon_names((PROJECT / "static" / "icons.txt").read_text()))
    for path in TEMPLATES.rglob("*.html"):
        missing = set(_ICON.findall(path.read_text())) - drawn
        assert not missing, f"{path} uses {missing}: add to static/icons.txt"


def test_a_component_sees_only_its_arguments() -> None:
    html = render('{% component "badge" label="New" %}', icon="truck", kind="sale")
    assert html == '<span class="badge">New</span>'


def test_what_is_given_is_escaped() -> None:
    html = render(
        '{% component "button" label=text hx_post=address hx_vals=text disabled=False %}',
        text='"><script>',
        address="/x?a=1&b=2",
    )
    assert "<script>" not in html
    assert 'hx-post="/x?a=1&amp;b=2"' in html
    assert " disabled" not in html


def test_attributes_say_true_and_false_where_both_mean_something() -> None:
    written = ui.attributes({"aria_pressed": False, "data_live": True, "hx_get": None, "hx_target": ""})
    assert written == ' aria-pressed="false" data-live'


def test_a_block_component_holds_markup() -> None:
    html = render('{% blockcomponent "disclosure" title="Care" %}<b>{{ word }}</b>{% endblockcomponent %}', word="Wax")
    assert "<b>Wax</b>" in html


def test_a_positional_argument_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="name=value"):
        Template('{% load ui %}{% component "button" "Pay" %}')


def test_money_is_written_for_the_reader(settings) -> None:
    assert render("{% money 123456 'USD' %}") == '<span class="money">$1,234.56</span>'
    settings.LANGUAGE_CODE = "de"
    from django.utils import translation

    with translation.override("de"):
        assert render("{{ minor|money:'EUR' }}", minor=123456) == "1.234,56\N{NO-BREAK SPACE}€"
    assert render("{% money none 'USD' %}", none=None) == ""


@pytest.mark.parametrize(
    ("name", "expected"), [("Jo Okafor", "JO"), ("Åsa", "Å"), ("Ana de la Cruz", "AC"), ("", ""), ("– x", "X")]
)
def test_initials(name: str, expected: str) -> None:
    assert ui.initials(name) == expected


def test_a_link_back_stays_on_the_site() -> None:
    request = RequestFactory().get("/", headers={"host": "localhost"})
    assert ui.local_path("http://localhost/bags/", request) == "http://localhost/bags/"
    assert ui.local_path("https://elsewhere.example/", request) == "/"
    assert ui.local_path(None, request) == "/"


class ContactForm(forms.Form):
    email = forms.EmailField(help_text="For the receipt.")
    phone = forms.CharField(required=False)


def test_a_field_names_its_hint_and_its_error() -> None:
    form = ContactForm({"email": "mara@"})
    html = render('{% component "field" field=form.email %}', form=form)
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_email_helptext"' in html
    assert 'id="id_email_error"' in html
    assert "valid email address" in html
    assert 'value="mara@"' in html
    assert "(optional)" in render('{% component "field" field=form.phone %}', form=form)
