"""A person gives up a view that they kept."""

from commerce.company.models import User
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from commerce.office.models import SavedView


@action
def remove_view(pk: int, *, person: User) -> str:
    """Remove one of the person's own views; the label of its list. Raises `NotFound` for anybody else's."""
    view = SavedView.objects.filter(pk=pk, person=person).first()
    if view is None:
        raise NotFound(what="view", key=str(pk))
    view.delete()
    return view.list
