from inventory.admin.adjustments import StockAdjustmentAdmin
from inventory.admin.counts import StockCountAdmin
from inventory.admin.kits import KitComponentAdmin
from inventory.admin.levels import StockLevelAdmin
from inventory.admin.movements import StockMovementAdmin
from inventory.admin.purchases import PurchaseOrderAdmin
from inventory.admin.reservations import ReservationAdmin
from inventory.admin.serials import SerialUnitAdmin
from inventory.admin.suppliers import SupplierAdmin, SupplierItemAdmin
from inventory.admin.transfers import TransferAdmin

__all__ = [
    "KitComponentAdmin",
    "PurchaseOrderAdmin",
    "ReservationAdmin",
    "SerialUnitAdmin",
    "StockAdjustmentAdmin",
    "StockCountAdmin",
    "StockLevelAdmin",
    "StockMovementAdmin",
    "SupplierAdmin",
    "SupplierItemAdmin",
    "TransferAdmin",
]
