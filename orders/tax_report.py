"""Tax of a period by rate: what orders charged and what returns, allowances and cancellations took back. Reads only.

The taxes of documents are summed up as they were written, so the sums are the orders' to the minor unit.
"""

from dataclasses import dataclass
from datetime import date

from commerce.kernel.db import rows


@dataclass(frozen=True, slots=True)
class TaxLine:
    """What one rate of one tax came to in one currency, minor units: `net` is what it was taken on. A code of "" is
    what was not taxed at all."""

    currency: str
    code: str
    name: str
    rate_ppm: int
    net: int
    tax: int
    jurisdiction: str

    @property
    def gross(self) -> int:
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """All documents of a period in one currency: the net is counted once, however many taxes were taken on it."""

    currency: str
    net: int
    tax: int

    @property
    def gross(self) -> int:
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class TaxReport:
    charged: list[TaxLine]
    charged_totals: list[TaxTotal]
    refunded: list[TaxLine]
    refunded_totals: list[TaxTotal]


_ORDERS = (
    "(SELECT id, currency, taxes, tax_minor, total_minor FROM orders_order WHERE number IS NOT NULL"
    " AND business_date BETWEEN %(since)s AND %(until)s) d"
)
_GIVEN_BACK = (
    "(SELECT currency, taxes, tax_minor, total_minor - rounding_minor AS total_minor FROM (SELECT currency, taxes,"
    " tax_minor, total_minor, rounding_minor, business_date FROM orders_return UNION ALL SELECT currency, taxes,"
    " tax_minor, total_minor, rounding_minor, business_date FROM orders_allowance UNION ALL SELECT currency, taxes,"
    " tax_minor, total_minor, rounding_minor, business_date FROM orders_cancellation) u"
    " WHERE business_date BETWEEN %(since)s AND %(until)s) d"
)
_BY_RATE = """
    SELECT currency, code, name, rate_ppm, net, tax, coalesce((SELECT string_agg(DISTINCT concat_ws(' / ', r.country,
        nullif(r.region, ''), nullif(r.locality, '')), ', ') FROM pricing_taxrate r WHERE r.code = s.code), '')
    FROM (SELECT d.currency, t.code, max(t.name) AS name, t.rate_ppm, sum(t.base)::bigint AS net,
        sum(t.amount)::bigint AS tax FROM {documents} CROSS JOIN LATERAL jsonb_to_recordset(d.taxes)
        AS t(code text, name text, rate_ppm bigint, base bigint, amount bigint) GROUP BY 1, 2, 4) s
    ORDER BY currency, code, rate_ppm
"""
_UNTAXED = f"""
    SELECT d.currency, '', '', 0, sum(x.net)::bigint, 0, '' FROM {_ORDERS} CROSS JOIN LATERAL (
        SELECT l.total_minor FROM orders_orderline l WHERE l.order_id = d.id AND l.taxes = '[]'
        UNION ALL SELECT a.total_minor FROM orders_adjustment a WHERE a.order_id = d.id AND a.taxes = '[]') x(net)
    GROUP BY 1 HAVING sum(x.net) <> 0 ORDER BY 1
"""
_TOTALS = """
    SELECT d.currency, sum(d.total_minor - d.tax_minor)::bigint, sum(d.tax_minor)::bigint
    FROM {documents} GROUP BY 1 ORDER BY 1
"""


def report(since: date, until: date) -> TaxReport:
    """The taxes of the days from `since` through `until`; five statements."""
    span = {"since": since, "until": until}
    charged = rows(_BY_RATE.format(documents=_ORDERS), span) + rows(_UNTAXED, span)
    refunded = rows(_BY_RATE.format(documents=_GIVEN_BACK), span)
    return TaxReport(
        [TaxLine(*row) for row in charged],
        [TaxTotal(*row) for row in rows(_TOTALS.format(documents=_ORDERS), span)],
        [TaxLine(*row) for row in refunded],
        [TaxTotal(*row) for row in rows(_TOTALS.format(documents=_GIVEN_BACK), span)],
    )
