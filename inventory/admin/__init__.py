from inventory.admin.levels import StockLevelAdmin
from inventory.admin.movements import StockMovementAdmin
from inventory.admin.reservations import ReservationAdmin

__all__ = ["ReservationAdmin", "StockLevelAdmin", "StockMovementAdmin"]
