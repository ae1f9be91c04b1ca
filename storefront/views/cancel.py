"""A shopper cancels their order, as long as nobody has begun to pack it."""

from uuid import NAMESPACE_URL, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from orders.actions.cancel_order import cancel_order
from storefront.views.orders import opened


@never_cache
@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """A second click is the same cancellation."""
    order = opened(token)
    try:
        cancel_order(
            order.pk,
            uid=uuid5(NAMESPACE_URL, f"canceled by the shopper {order.uid}"),
            reason=_("As you wished."),
            person=None,
            at=now(),
            only_untouched=True,
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    response = HttpResponseRedirect(reverse("shop-order", args=[token]))
    response["Referrer-Policy"] = "no-referrer"
    return response
