"""People."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from commerce.company.actions.set_pin import set_pin
from commerce.company.models import User
from commerce.office import access
from commerce.office.asking import ask, find
from commerce.office.base import OfficeAdmin, page_action, person_of
from commerce.office.columns import chip, when


class PinForm(forms.Form):
    pin = forms.CharField(
        label=_("New PIN"),
        help_text=_("4 to 8 digits. The person should type it themselves."),
        max_length=8,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class StaffForm(UserChangeForm):
    class Meta:
        model = User
        fields = ("username", "password", "first_name", "last_name", "email", "role", "locations", "is_active")


@admin.register(User)
class StaffAdmin(OfficeAdmin, UserAdmin):  # type: ignore[misc]
    form, add_form, change_password_form = StaffForm, UserCreationForm, AdminPasswordChangeForm
    list_display = ("full_name", "username", "role_chip", "places", "pin_chip", "last_seen", "active_chip")
    list_filter = ("role", "locations", "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    search_help_text = _("Name, user name or e-mail")
    ordering = ("first_name", "last_name", "username")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (_("Person"), {"fields": (("first_name", "last_name"), "email")}),
        (_("Work"), {"fields": ("role", "locations")}),
        (_("Since"), {"fields": (("date_joined", "last_login"),)}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", ("first_name", "last_name"), "email", "role", "password1", "password2")}),
    )
    actions_detail = ("set_pin_page",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[User]":
        """Accounts of the installation's owners are nobody else's business."""
        rows = super().get_queryset(request).prefetch_related("locations")
        return rows if person_of(request).is_superuser else rows.filter(is_superuser=False)

    def of_places(self, rows: "QuerySet[User]", places: Any) -> "QuerySet[User]":
        return rows.filter(pk__in=User.locations.through.objects.filter(location__in=places).values("user_id"))

    def save_model(self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool) -> None:
        obj.is_staff = access.may_enter(obj)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("name"), ordering="first_name")
    def full_name(self, row: User) -> str:
        return row.get_full_name() or row.username

    @admin.display(description=_("role"), ordering="role")
    def role_chip(self, row: User) -> str:
        return chip(_("Owner") if row.is_superuser else row.get_role_display() or _("None"))

    @admin.display(description=_("locations"))
    def places(self, row: User) -> str:
        return ", ".join(place.code for place in row.locations.all()) or str(_("Everywhere"))

    @admin.display(description=_("PIN"))
    def pin_chip(self, row: User) -> str:
        return chip(_("Set"), "positive") if row.pin_hash else chip(_("None"), "open")

    @admin.display(description=_("last log-in"), ordering="last_login")
    def last_seen(self, row: User) -> str:
        return when(row.last_login)

    @admin.display(description=_("active"), ordering="is_active")
    def active_chip(self, row: User) -> str:
        return chip(_("Active"), "positive") if row.is_active else chip(_("Left"), "open")

    @page_action(description=_("Set PIN"), icon="pin", permission="pin.set", url_path="pin")
    def set_pin_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        colleague = find(self, request, object_id)

        def run(data: dict[str, Any]) -> str:
            set_pin(colleague=colleague, pin=data["pin"], person=person_of(request))
            return _("%(name)s has a new PIN.") % {"name": colleague}

        return ask(
            self,
            request,
            colleague,
            title=_("Set a PIN for %(name)s") % {"name": colleague.get_full_name() or colleague.username},
            explain=_("The old PIN ends at once, and so do pauses after wrong tries."),
            form=PinForm,
            button=_("Set PIN"),
            run=run,
        )
