from commerce.catalog.admin.categories import CategoryAdmin
from commerce.catalog.admin.collections import CollectionAdmin
from commerce.catalog.admin.products import ProductAdmin
from commerce.catalog.admin.variants import VariantAdmin

__all__ = ["CategoryAdmin", "CollectionAdmin", "ProductAdmin", "VariantAdmin"]
