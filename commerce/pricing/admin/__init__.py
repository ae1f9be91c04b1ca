from commerce.pricing.admin.markets import MarketAdmin, TaxRateAdmin
from commerce.pricing.admin.prices import PriceAdmin, PricedVariantAdmin, PriceListAdmin

__all__ = ["MarketAdmin", "PriceAdmin", "PriceListAdmin", "PricedVariantAdmin", "TaxRateAdmin"]
