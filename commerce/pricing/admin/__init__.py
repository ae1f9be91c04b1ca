from commerce.pricing.admin.fees import FeeAdmin
from commerce.pricing.admin.markets import ExchangeRateAdmin, MarketAdmin
from commerce.pricing.admin.price_lists import PriceListAdmin
from commerce.pricing.admin.prices import PriceAdmin, PricedProductAdmin, PricedVariantAdmin
from commerce.pricing.admin.promotions import PromotionAdmin
from commerce.pricing.admin.taxes import TaxAreaAdmin, TaxRateAdmin

__all__ = [
    "ExchangeRateAdmin",
    "FeeAdmin",
    "MarketAdmin",
    "PriceAdmin",
    "PriceListAdmin",
    "PricedProductAdmin",
    "PricedVariantAdmin",
    "PromotionAdmin",
    "TaxAreaAdmin",
    "TaxRateAdmin",
]
