from commerce.pricing.models.markets import ExchangeRate, Market, TaxArea, TaxRate
from commerce.pricing.models.open_prices import OpenPriceLimit
from commerce.pricing.models.prices import ALWAYS, Channel, CustomerGroup, Price, PriceList
from commerce.pricing.models.promotions import Coupon, CouponUse, Fee, Promotion, PromotionItem, RuleChange

__all__ = [
    "ALWAYS",
    "Channel",
    "Coupon",
    "CouponUse",
    "CustomerGroup",
    "ExchangeRate",
    "Fee",
    "Market",
    "OpenPriceLimit",
    "Price",
    "PriceList",
    "Promotion",
    "PromotionItem",
    "RuleChange",
    "TaxArea",
    "TaxRate",
]
