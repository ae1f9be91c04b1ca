"""Countries and states as people type them into forms."""

from babel import Locale
from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.company.regions import STATES

COUNTRIES = frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha())


def check_country(code: str) -> str:
    """The ISO 3166 code in capitals. ValidationError when there is no such country."""
    tidy = code.strip().upper()
    if tidy not in COUNTRIES:
        raise forms.ValidationError(_("“%s” is no country. Use its code of two letters, e.g. DE.") % code)
    return tidy


def check_state(country: str, code: str) -> str:
    """The state's code in capitals. ValidationError when its country is known to have none of that code."""
    tidy = code.strip().upper()
    if tidy and country in STATES and tidy not in STATES[country]:
        raise forms.ValidationError(_("“%s” is no state there. Use its code, e.g. CA.") % code)
    return tidy
