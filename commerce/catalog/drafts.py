"""Products as somebody wants them to be, before they are compared with what there is."""

from dataclasses import dataclass, field

from commerce.kernel.exchange import UNCHANGED


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong with a draft, and what was done instead. `code` groups problems of one kind."""

    code: str
    text: str


@dataclass(slots=True)
class MediaDraft:
    """A picture: our own path or somebody's address. Within a product the path is its identity."""

    path: str
    alt: str = ""
    position: int | None = None
    outcome: str = UNCHANGED


@dataclass(slots=True)
class VariantDraft:
    """None: as it is, or the default for a new one. `barcodes` are added to those that the variant has. `content` is
    what one piece holds, as it was written: an amount and a unit (`contents.read`), both empty for nothing.

    After `products.put`: `id` (None in a plan that was not carried out), `outcome`, `problems`, and the SKU it got.
    """

    sku: str = ""
    option_values: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()
    weight_grams: int | None = None
    swatch: str | None = None
    picture: str | None = None
    position: int | None = None
    is_active: bool | None = None
    content: tuple[str, str] | None = None
    id: int | None = None
    outcome: str = UNCHANGED
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class ProductDraft:
    """None: as it is, or the default for a new one; a new product needs a title. `slug` is its identity.

    Variants and pictures that are not named stay. After `products.put`: as with `VariantDraft`; with `refused` set
    nothing of it was taken.
    """

    slug: str
    title: str | None = None
    description_html: str | None = None
    brand: str | None = None
    category_id: int | None = None
    product_type: str | None = None
    tags: tuple[str, ...] | None = None
    status: str | None = None
    on_web: bool | None = None
    at_till: bool | None = None
    tax_class: str | None = None
    popularity: int | None = None
    launched_at: str | None = None
    options: tuple[str, ...] | None = None
    media: list[MediaDraft] = field(default_factory=list)
    variants: list[VariantDraft] = field(default_factory=list)
    id: int | None = None
    outcome: str = UNCHANGED
    refused: Problem | None = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class CategoryDraft:
    """A shelf; `parent` is the slug of one that exists or comes earlier in the same call, empty for a top one."""

    slug: str
    name: str
    parent: str = ""
    description: str = ""
    picture: str = ""
    position: int = 0
