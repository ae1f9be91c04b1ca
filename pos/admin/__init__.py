from pos.admin.registers import RegisterAdmin
from pos.admin.sales import SaleAdmin
from pos.admin.shifts import ShiftAdmin

__all__ = ["RegisterAdmin", "SaleAdmin", "ShiftAdmin"]
