"""The page before an action: what will happen, a form where words are needed, one button. Only its POST acts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from commerce.kernel.errors import DomainError
from commerce.office.base import person_of, refuse
from commerce.office.columns import address


class Confirmation(forms.Form):
    """Nothing to fill in."""


def ask(
    admin: "ModelAdmin[Any]",
    request: HttpRequest,
    row: Model | None,
    *,
    title: Any,
    button: Any,
    run: Callable[[dict[str, Any]], Any],
    form: Callable[[Any], forms.Form] = Confirmation,
    explain: Any = "",
    back: str = "",
    danger: bool = False,
) -> HttpResponse:
    """Ask, and on POST call `run(cleaned data)`: it returns the message to show, or an answer of its own.

    A `DomainError` comes back into the form with what the person typed. `row` is what the page is about; what was done
    is written into its history. `form` makes the form from the data of the request, or from None.
    """
    back = back or (address(row) if row else _list(admin))
    filled = form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and filled.is_valid():
        try:
            done = run(filled.cleaned_data)
        except DomainError as error:
            refuse(filled, error)
        else:
            if row is not None:
                remember(request, row, str(title))
            if isinstance(done, HttpResponse):
                return done
            messages.success(request, str(done))
            return HttpResponseRedirect(back)
    context = {
        **admin.admin_site.each_context(request),
        "title": title,
        "opts": admin.opts,
        "form": filled,
        "explain": explain,
        "button": button,
        "danger": danger,
        "back": back,
        "row": row,
    }
    return TemplateResponse(request, "office/action.html", context, status=422 if filled.errors else 200)


def show_secret(
    admin: "ModelAdmin[Any]", request: HttpRequest, *, title: Any, secret: str, explain: Any, back: str = "", name: Any
) -> HttpResponse:
    """Show something that is never shown again. It is on no other page, in no history, in no cache."""
    context = {
        **admin.admin_site.each_context(request),
        "title": title,
        "opts": admin.opts,
        "secret": secret,
        "name": name,
        "explain": explain,
        "back": back or _list(admin),
    }
    answer = TemplateResponse(request, "office/secret.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def find(admin: "ModelAdmin[Any]", request: HttpRequest, object_id: str) -> Any:
    """The row, if this person may see it; otherwise there is none."""
    row = admin.get_object(request, object_id)
    if row is None:
        raise Http404
    return row


def remember(request: HttpRequest, row: Model, message: Any) -> None:
    """Write who did what into the row's history."""
    LogEntry.objects.log_actions(person_of(request).pk, [row], CHANGE, change_message=str(message), single_object=True)


def _list(admin: "ModelAdmin[Any]") -> str:
    return reverse(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_changelist")
