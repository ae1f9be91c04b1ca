"""The journal entry of a cancellation. Pure: rows in, entry out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from commerce.ledger.journal import Entry, Part
from orders.books import ACCOUNTS, income_account, net_share
from orders.models import Adjustment, Cancellation, OrderLine


def canceled(
    made: Cancellation, lines: Mapping[int, OrderLine], charges: Sequence[Adjustment], *, location_code: str
) -> Entry:
    """Nothing more will leave: what was owed for goods and charges is owed no more, and neither is their tax.

    The customer owes that much less, and is owed what of it was taken. What is not taken off (charges for what has
    left) is earned; so is what an allowance had taken off the canceled goods before, and the odd minor unit.
    `lines` by primary key are the order's, as they were before.
    """
    promised = 0
    earned: dict[tuple[str, str], int] = defaultdict(int)
    for row in made.lines:
        line = lines[row["line"]]
        share = net_share(line, row["first_unit"], row["quantity"])
        promised += share
        earned[income_account(line)] += share - row["net"]
    off = {row["charge"]: row["net"] for row in made.charges}
    for charge in charges:
        if charge.kind == "deposit":
            continue
        net = charge.total_minor - charge.tax_minor
        promised += net
        earned[ACCOUNTS[charge.kind], ""] += net - off.get(charge.pk, 0)
    return Entry(
        kind="cancellation",
        source_type="cancellation",
        source_uid=made.uid,
        currency=made.currency,
        postings=(
            Part("undelivered", promised, str(made.order.uid)),
            *(Part(account, -amount, sub) for (account, sub), amount in earned.items()),
            *(Part("sales_tax", tax["amount"], tax["code"]) for tax in made.taxes),
            Part("deposits", sum(row["net"] for row in made.charges if row["kind"] == "deposit")),
            Part("cash_rounding", made.rounding_minor),
            Part("receivable", made.refund_minor - made.total_minor),
            Part("refunds_due", -made.refund_minor),
        ),
        business_date=made.business_date,
        location_code=location_code,
    )
