from django.contrib import admin
from django.contrib.auth.models import Group

from commerce.company.admin.devices import DeviceAdmin
from commerce.company.admin.locations import LocationAdmin
from commerce.company.admin.shop import ShopAdmin
from commerce.company.admin.staff import StaffAdmin
from commerce.company.admin.tokens import ApiTokenAdmin

admin.site.unregister(Group)  # what people may do is their role's, in company.permissions

__all__ = ["ApiTokenAdmin", "DeviceAdmin", "LocationAdmin", "ShopAdmin", "StaffAdmin"]
