from commerce.pricing.admin.markets import MarketAdmin, TaxRateAdmin
from commerce.pricing.admin.prices import PriceAdmin, PricedProductAdmin, PricedVariantAdmin, PriceListAdmin

__all__ = ["MarketAdmin", "PriceAdmin", "PriceListAdmin", "PricedProductAdmin", "PricedVariantAdmin", "TaxRateAdmin"]
