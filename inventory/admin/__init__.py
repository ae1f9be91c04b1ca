from inventory.admin.adjustments import StockAdjustmentAdmin
from inventory.admin.counts import StockCountAdmin
from inventory.admin.kits import KitComponentAdmin
from inventory.admin.levels import StockLevelAdmin
from inventory.admin.movements import StockMovementAdmin
from inventory.admin.reservations import ReservationAdmin

__all__ = [
    "KitComponentAdmin",
    "ReservationAdmin",
    "StockAdjustmentAdmin",
    "StockCountAdmin",
    "StockLevelAdmin",
    "StockMovementAdmin",
]
