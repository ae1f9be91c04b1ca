from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid
from orders.models.order import OrderLine


class GiftCardDelivery(models.Model):
    """Whom a gift card that was bought on the web is mailed to. The number stands in no row: it is worked out when the
    mail is written. While `due_at` is set the mail has to go out, then or as soon after it as the mail server works."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="delivery")
    to_name = models.CharField(_("for"), max_length=120)
    to_email = models.EmailField(_("e-mail"))
    from_name = models.CharField(_("from"), max_length=120, blank=True)
    message = models.CharField(_("message"), max_length=500, blank=True)
    send_on = models.DateField(_("day of sending"), null=True, blank=True, help_text=_("Empty: when it is paid."))
    due_at = models.DateTimeField(_("to be sent at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    sends = models.PositiveSmallIntegerField(_("times sent"), default=0, db_default=0)
    tries = models.PositiveSmallIntegerField(_("failed tries"), default=0, db_default=0)

    class Meta:
        verbose_name = _("gift card by mail")
        verbose_name_plural = _("gift cards by mail")
        constraints = [
            models.CheckConstraint(
                condition=Q(sends=0, sent_at=None) | Q(sends__gt=0, sent_at__isnull=False), name="gift_card_mail_sent"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="gift_card_mail_due"),
        ]

    def __str__(self) -> str:
        return self.to_email
