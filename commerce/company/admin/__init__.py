from commerce.company.admin.devices import DeviceAdmin
from commerce.company.admin.locations import LocationAdmin
from commerce.company.admin.staff import StaffAdmin
from commerce.company.admin.tokens import ApiTokenAdmin

__all__ = ["ApiTokenAdmin", "DeviceAdmin", "LocationAdmin", "StaffAdmin"]
