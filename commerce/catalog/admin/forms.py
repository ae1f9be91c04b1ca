"""What people type about products, made comparable: the same SKU or barcode in another writing is a duplicate."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from commerce.catalog import products
from commerce.catalog.admin.pictures import PicturesField, label_of
from commerce.catalog.barcodes import normalize_barcode
from commerce.catalog.descriptions import sanitize
from commerce.catalog.models import Barcode, Category, Media, Product, Variant
from commerce.catalog.skus import PROBLEMS, normalize_sku
from commerce.kernel.errors import Busy
from commerce.office.columns import link

BARCODE_PROBLEMS = {
    "empty": _("Scan or type the code."),
    "placeholder": _("This code is nothing but zeros: it is a placeholder, no barcode."),
    "too_long": _("A barcode has at most 64 characters."),
    "unprintable": _("This code holds characters that cannot be printed."),
    "no_product": _("This code names no product: scan the one on the article itself."),
}


class PictureChoice(forms.ModelChoiceField):
    """One of the product's pictures; which those are, `offer_pictures` says."""

    def __init__(self) -> None:
        super().__init__(
            Media.objects.none(),
            required=False,
            label=_("picture"),
            empty_label=_("The product's first"),
            widget=UnfoldAdminSelectWidget,
        )


def offer_pictures(form: Any, pictures: list[Media]) -> None:
    """Let the form's variant choose from these, without asking the database for every row of a table again."""
    field = form.fields["picture"]
    field.queryset = Media.objects.filter(pk__in=[row.pk for row in pictures])
    field.choices = [("", field.empty_label), *((row.pk, label_of(row)) for row in pictures)]


def check_sku(text: str, *, variant: int | None) -> tuple[str, str]:
    """The SKU as written and as compared. ValidationError when it cannot be one, or when another variant has it: then
    the message leads to that variant. `variant` is the primary key of the one that is being edited."""
    found = normalize_sku(text)
    if found.problems:
        raise forms.ValidationError(PROBLEMS[found.problems[0]], code=found.problems[0])
    taken = Variant.objects.select_related("product").filter(sku_key=found.value).exclude(pk=variant or 0).first()
    if taken:
        message = _("“{}” is the SKU of {} already ({}). Two variants cannot share one.")
        raise forms.ValidationError(
            format_html(str(message), text.strip(), link(taken, taken.sku), taken.name), code="taken"
        )
    return text.strip(), found.value


def check_barcode(text: str, *, barcode: int | None) -> tuple[str, str]:
    """The code as written and as compared. ValidationError as in `check_sku`."""
    found = normalize_barcode(text)
    if found.kind == "invalid":
        raise forms.ValidationError(BARCODE_PROBLEMS[found.problem], code=found.problem)
    if found.kind == "invalid_gtin":
        raise forms.ValidationError(
            _("The last digit of %(code)s should be %(digit)s. Please check the number, or scan it.")
            % {"code": found.value, "digit": found.expected},
            code="check_digit",
        )
    taken = Barcode.objects.select_related("variant__product").filter(key=found.value).exclude(pk=barcode or 0).first()
    if taken:
        message = _("“{}” scans as {} already ({}).")
        variant = link(taken.variant, taken.variant.sku)
        raise forms.ValidationError(format_html(str(message), text.strip(), variant, taken.variant.name), code="taken")
    return text.strip(), found.value


class InTurn:
    """A form that is judged while nobody else writes the catalog, to the end of the transaction that saves it: of two
    people who give away the same code at once, the second is told. Who must wait too long loses nothing either."""

    def full_clean(self) -> None:
        refused = ""
        if self.is_bound:  # type: ignore[attr-defined]
            try:
                products.take_turn()
            except Busy:
                refused = str(_("Somebody else, or an import, is writing products right now. Please save once more."))
        super().full_clean()  # type: ignore[misc]
        if refused:
            self.add_error(None, refused)  # type: ignore[attr-defined]


class VariantForm(forms.ModelForm[Variant]):
    picture = PictureChoice()

    class Meta:
        model = Variant
        fields = (
            "sku", "title", "option_values", "swatch", "picture", "weight_grams", "position", "is_active",
            "tracks_serials", "content_amount", "content_unit", "is_open_price", "is_open_to_all", "needs_note",
            "is_gift_card",
        )  # fmt: skip

    def clean_is_gift_card(self) -> bool:
        is_gift_card = bool(self.cleaned_data["is_gift_card"])
        if is_gift_card and not self.cleaned_data.get("is_open_price"):
            raise forms.ValidationError(_("A gift card has an open price: tick that, too."))
        return is_gift_card

    def clean_tracks_serials(self) -> bool:
        tracks = bool(self.cleaned_data["tracks_serials"])
        if tracks and self.instance.unit != Variant.Unit.EACH:
            raise forms.ValidationError(_("Only what is sold by the piece has serial numbers."))
        return tracks

    def clean_sku(self) -> str:
        sku, self.instance.sku_key = check_sku(self.cleaned_data["sku"], variant=self.instance.pk)
        return sku

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("title") and data.get("option_values"):
            data["title"] = " / ".join(data["option_values"])
        self._check_content(data)
        return data

    def _check_content(self, data: dict[str, Any]) -> None:
        """What a piece holds is a number and a unit, or neither."""
        amount, unit = data.get("content_amount"), data.get("content_unit")
        if "content_amount" not in self.fields or "content_amount" in self.errors:
            return
        if amount is not None and amount <= 0:
            self.add_error("content_amount", _("Enter more than zero, or leave both empty."))
        elif (amount is None) != (not unit):
            self.add_error(
                "content_unit" if amount else "content_amount", _("Give both, a number and a unit, or none.")
            )
        elif amount and self.instance.unit != Variant.Unit.EACH:
            self.add_error("content_amount", _("Its price is of one %(unit)s already.") % {"unit": self.instance.unit})


class VariantPageForm(InTurn, VariantForm):
    """A variant on its own page, where it can go to another product."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "picture" in self.fields:
            offer_pictures(self, list(Media.objects.filter(product=self.instance.product_id or 0)))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        picture, product = data.get("picture"), data.get("product")
        if picture and product and picture.product_id != product.pk:
            self.add_error(
                "picture", _("This picture is of another product. Choose none, and one of the new product's later.")
            )
        return data


class CategoryForm(InTurn, forms.ModelForm[Category]):
    class Meta:
        model = Category
        fields = ("name", "slug", "parent", "description", "picture", "position")


class BarcodeForm(forms.ModelForm[Barcode]):
    class Meta:
        model = Barcode
        fields = ("code",)

    def clean_code(self) -> str:
        code, self.instance.key = check_barcode(self.cleaned_data["code"], barcode=self.instance.pk)
        return code


class NoTwins(forms.BaseInlineFormSet):
    """Rows of one form that would clash with each other before any of them is saved. `key_name`: what must differ."""

    key_name = ""

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            key = getattr(form.instance, self.key_name)
            if not key or not form.is_valid() or form.cleaned_data.get("DELETE"):
                continue
            if key in seen:
                form.add_error(None, _("This stands twice in the table: “%(code)s”.") % {"code": key})
            seen.add(key)


class VariantFormSet(NoTwins):
    key_name = "sku_key"

    @cached_property
    def pictures(self) -> list[Media]:
        return list(Media.objects.filter(product=self.instance.pk or 0))

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "picture" in form.fields:
            offer_pictures(form, self.pictures)


class BarcodeFormSet(NoTwins):
    key_name = "key"


class ProductForm(InTurn, forms.ModelForm[Product]):
    new_pictures = PicturesField(
        label=_("Choose pictures"),
        required=False,
        help_text=_(
            "JPEG, PNG or WebP, up to 20 MB each, several at once. The first one of the table is shown in lists."
        ),
    )
    new_alt = forms.CharField(
        label=_("What they show"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Read to people who cannot see them, e.g. “Enamel mug in blue, from the side”."),
    )

    class Meta:
        model = Product
        fields = (
            "title", "slug", "status", "category", "brand", "product_type", "tags", "description_html", "on_web",
            "at_till", "tax_class", "popularity", "launched_at",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Part of its address in the shop. Left empty, it is made from the title.")

    def clean_description_html(self) -> str:
        """Only harmless markup is kept: descriptions are shown in the shop as they are."""
        return sanitize(self.cleaned_data["description_html"])

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("title", ""), allow_unicode=True)[:240]
        if self.cleaned_data["slug"]:
            return slug
        others = Product.objects.filter(slug__startswith=slug).exclude(pk=self.instance.pk)
        used = set(others.values_list("slug", flat=True))
        return next(name for name in (slug, *(f"{slug}-{n}" for n in range(2, len(used) + 3))) if name not in used)
