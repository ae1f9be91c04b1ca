from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

from commerce.company.models import User
from commerce.office import access


class LoginForm(AuthenticationForm):
    """The door of the back office: a password, and a role that has a desk."""

    error_messages = {
        "invalid_login": _("That user name and password do not belong together. Please try again."),
        "inactive": _("This account is switched off. Ask an administrator."),
        "no_desk": _("Your role has no desk in the back office. You can work at the till with your PIN."),
    }

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        if not user.is_active:
            raise ValidationError(self.error_messages["inactive"], code="inactive")
        if not (isinstance(user, User) and access.may_enter(user)):
            raise ValidationError(self.error_messages["no_desk"], code="no_desk")
