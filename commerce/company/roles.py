"""Django's question `has_perm`, answered from the permission matrix, so that there is no second list of rights."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from commerce.company.models import User
from commerce.company.permissions import MATRIX, may


class RoleBackend(ModelBackend):
    """Logs people in with their password; what they may do is what their role may (`"stock.adjust"`)."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return isinstance(user_obj, User) and may(user_obj, perm)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set(MATRIX.get(user_obj.role, ())) if isinstance(user_obj, User) and user_obj.is_active else set()

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))
