from django.db import models

from orders.models import Order


class Declines(models.Model):
    """Cards refused lately for one cart, or from one address on the net. `key` is a fingerprint, never the address."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "declines"

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%H:%M}"


class CouponAttempts(models.Model):
    """Codes of coupons tried for one cart, from one address on the net or by one program, since a moment. `key` is a
    fingerprint."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "coupon attempts"

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%H:%M}"


class OpenHold(models.Model):
    """The address on the net that an unpaid checkout was opened from; gone when it is over. `key` is a fingerprint."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True, related_name="open_hold")
    key = models.CharField(max_length=64, db_index=True)
    since = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "open holds"

    def __str__(self) -> str:
        return f"{self.order_id} since {self.since:%H:%M}"
