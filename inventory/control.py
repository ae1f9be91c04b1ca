"""What stock adds to the daily control page."""

from django.utils.translation import gettext_lazy as _

from commerce.ledger.control import Check, booked
from inventory import books

STOCK = Check(
    "stock-value",
    _("Stock value"),
    _("What stock is worth at each place is what the books say"),
    "SELECT c.code AS key, c.code AS location, o.currency, l.value_minor AS amount FROM inventory_stocklevel l"
    f" JOIN company_location c ON c.id = l.location_id CROSS JOIN (SELECT {books.CURRENCY} AS currency) o"
    " WHERE l.value_minor <> 0",
    booked("inventory", key="p.sub", location="p.sub"),
)
CHECKS = [STOCK]
