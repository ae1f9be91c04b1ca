"""Pictures on a product's page: choosing files, and the table of those that it has.

A file that was chosen is kept at once and its path travels signed in the form, so that a mistake elsewhere on the page
does not make people choose their files again.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.core import signing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from commerce.catalog import picture_files
from commerce.catalog.models import Media
from commerce.office.base import OfficeInline

MOST = 20  # files at once
_SALT = "commerce.catalog.pictures"


class PicturesInput(forms.FileInput):
    """A file input for several pictures, and those that wait in the form already."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"multiple": True, "accept": "image/jpeg,image/png,image/webp", **(attrs or {})})
        self.waiting: list[str] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[list[UploadedFile], str]:
        chosen = files.getlist(name) if hasattr(files, "getlist") else []
        return chosen, data.get(f"{name}_waiting", "")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and f"{name}_waiting" not in data

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        attributes = self.build_attrs(self.attrs, attrs)
        context = {
            "attributes": flatatt({"type": "file", "name": name, **attributes}),
            "name": name,
            "waiting": [default_storage.url(path) for path in self.waiting],
            "token": signing.dumps(self.waiting, salt=_SALT) if self.waiting else "",
        }
        return render_to_string("office/pictures_input.html", context)


class PicturesField(forms.Field):
    """Cleans to the paths, below MEDIA_URL, of pictures that are kept and belong to no product yet."""

    widget = PicturesInput

    def clean(self, value: Any) -> list[str]:
        chosen, token = value
        paths: list[str] = []
        problems: list[str] = []
        try:
            paths = list(signing.loads(token, salt=_SALT, max_age=86_400)) if token else []
        except signing.BadSignature:
            problems.append(str(_("The pictures chosen before have been put away. Choose them once more.")))
        if len(chosen) + len(paths) > MOST:
            problems.append(str(_("%(most)s pictures at once are the most.") % {"most": MOST}))
        for file in chosen[: max(0, MOST - len(paths))]:
            try:
                paths.append(picture_files.keep(file, file.name))
            except picture_files.PictureRefused as refused:
                problems.append(str(refused))
        widget: Any = self.widget
        widget.waiting = list(dict.fromkeys(paths))
        if problems:
            raise forms.ValidationError(problems)
        return list(widget.waiting)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data and any(data))


class MediaInline(OfficeInline):
    """Pictures that the product has; new ones come through the field above."""

    model = Media
    fields = ("shown", "alt", "position")
    readonly_fields = ("shown",)
    max_num = 0
    hide_title = True
    verbose_name_plural = _("Pictures")

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Rows can be dragged into their order by those who may change it. (There is one inline per request.)"""
        self.ordering_field = "position" if self.has_change_permission(request, obj) else None
        return super().get_formset(request, obj, **kwargs)

    @admin.display(description=_("picture"))
    def shown(self, row: Media) -> SafeString:
        """The picture; of somebody else's only the address, which the shop does not show either."""
        if not row.is_ours:
            return format_html('<span class="stacked stacked--soft">{}</span>', row.path)
        return format_html('<img class="thumbnail thumbnail--large" src="{}" alt="">', default_storage.url(row.path))


def label_of(row: Media) -> str:
    """A picture's name in a list to choose from."""
    return f"{row.position}. {row.alt or row.path.rsplit('/', 1)[-1][:40]}"
