from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError


class CouponUnknown(DomainError):
    code = "coupon_unknown"
    status = 422
    message = _("There is no coupon %(coupon)s. Check the letters and figures.")


class CouponEnded(DomainError):
    code = "coupon_ended"
    status = 422
    message = _("The coupon %(coupon)s is not valid today.")


class CouponUsedUp(DomainError):
    code = "coupon_used_up"
    message = _("The coupon %(coupon)s was used already. Remove it, then go on.")


class CouponUsedByCustomer(DomainError):
    code = "coupon_used_by_customer"
    message = _("You have used the coupon %(coupon)s already. Remove it, then go on.")
