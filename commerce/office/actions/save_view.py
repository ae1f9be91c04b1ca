"""A person keeps a list as they see it now."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from commerce.company.models import User
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from commerce.office.models import SavedView

PAGE_OF_LIST = "p"


def tidy(query: str) -> str:
    """The part of a query that describes a list: without the page it is at, and without what is empty."""
    given = QueryDict(query.lstrip("?"), mutable=True)
    given.pop(PAGE_OF_LIST, None)
    kept = sorted((key, value) for key, values in given.lists() for value in values if value)
    tidied = QueryDict(mutable=True)
    for key, value in kept:
        tidied.appendlist(key, value)
    return tidied.urlencode()


@action
def save_view(*, person: User, model_label: str, name: str, query: str) -> SavedView:
    """Keep the view, in place of an earlier one of that name. Raises `InvalidInput`."""
    name, query = " ".join(name.split()), tidy(query)
    if not 1 <= len(name) <= 60:
        raise InvalidInput({"name": [_("Give the view a name of at most 60 characters.")]})
    if len(query) > 1000:
        raise InvalidInput({"name": [_("These filters are too many to keep. Remove some and try again.")]})
    view, _created = SavedView.objects.update_or_create(
        person=person, list=model_label, name=name, defaults={"query": query}
    )
    return view
