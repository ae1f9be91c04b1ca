"""Pictures that people add to a product."""

from collections.abc import Sequence

from commerce.catalog.models import Media
from commerce.kernel import bulk
from commerce.kernel.db import in_transaction, rows


@in_transaction
def add(product_id: int, paths: Sequence[str], *, alt: str) -> int:
    """Put pictures of ours behind those that a product has; how many were new to it. Within a product the path is a
    picture's identity: one that it shows already stays where it is."""
    known = dict(rows("SELECT path, position FROM catalog_media WHERE product_id = %s", [product_id]))
    new = [path for path in dict.fromkeys(paths) if path not in known]
    last = max(known.values(), default=0)
    values = [[product_id, path, alt, last + place] for place, path in enumerate(new, start=1)]
    bulk.insert(Media, ["product_id", "path", "alt", "position"], values)
    return len(new)
