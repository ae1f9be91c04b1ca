from inventory.models.adjustments import StockAdjustment
from inventory.models.counts import CountLine, CountScan, StockCount
from inventory.models.kits import KitComponent
from inventory.models.purchasing import PurchaseOrder, PurchaseOrderLine, Receipt, Supplier, SupplierItem
from inventory.models.serials import SerialMove, SerialUnit
from inventory.models.stock import Reservation, StockLevel, StockMovement
from inventory.models.transfers import Transfer, TransferLine

__all__ = [
    "CountLine",
    "CountScan",
    "KitComponent",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Receipt",
    "Reservation",
    "SerialMove",
    "SerialUnit",
    "StockAdjustment",
    "StockCount",
    "StockLevel",
    "StockMovement",
    "Supplier",
    "SupplierItem",
    "Transfer",
    "TransferLine",
]
