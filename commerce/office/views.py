from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commerce.kernel.errors import InvalidInput
from commerce.office.actions.remove_view import remove_view as remove
from commerce.office.actions.save_view import save_view as save
from commerce.office.base import person_of
from commerce.office.columns import list_address


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the list that the person is looking at, by a name."""
    label = request.POST.get("list", "")
    try:
        path = list_address(apps.get_model(label))
    except (LookupError, ValueError) as error:
        raise Http404 from error
    query = request.POST.get("query", "")
    try:
        view = save(person=person_of(request), model_label=label, name=request.POST.get("name", ""), query=query)
    except InvalidInput as error:
        messages.error(request, str(error))
    else:
        query = view.query
        messages.success(request, _("“%(name)s” is kept above this list.") % {"name": view.name})
    return HttpResponseRedirect(f"{path}?{query.lstrip('?')}")


@require_POST
def remove_view(request: HttpRequest, pk: int) -> HttpResponse:
    label = remove(pk, person=person_of(request))
    return HttpResponseRedirect(list_address(apps.get_model(label)))
