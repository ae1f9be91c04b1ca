from commerce.pricing.admin.markets import MarketAdmin, TaxRateAdmin
from commerce.pricing.admin.prices import PriceAdmin, PricedProductAdmin, PricedVariantAdmin, PriceListAdmin
from commerce.pricing.admin.promotions import PromotionAdmin

__all__ = [
    "MarketAdmin",
    "PriceAdmin",
    "PriceListAdmin",
    "PricedProductAdmin",
    "PricedVariantAdmin",
    "PromotionAdmin",
    "TaxRateAdmin",
]
