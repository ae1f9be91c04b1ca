from django.utils.translation import gettext_lazy as _

from orders.tenders.base import Tender

TENDER = Tender("card_present", _("Card"), account="card_clearing", at_till=True)
