from pos.admin.open_prices import OpenPriceSaleAdmin
from pos.admin.registers import RegisterAdmin
from pos.admin.sales import SaleAdmin
from pos.admin.shifts import ShiftAdmin

__all__ = ["OpenPriceSaleAdmin", "RegisterAdmin", "SaleAdmin", "ShiftAdmin"]
