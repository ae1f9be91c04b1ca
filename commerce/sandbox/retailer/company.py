"""Hadlo, the retailer of the demo: invented, with contact details in ranges reserved for examples."""

from __future__ import annotations

from .records import Company


def company() -> Company:
    """The facts and words of the company."""
    return Company(
        name="Hadlo",
        legal_name="Hadlo Goods, Inc.",
        legal_name_eu="Hadlo Goods Europe B.V.",
        tagline="Goods for out and about",
        about=(
            "Hadlo began in 2011 as a repair bench at the back of a Portland bicycle shop. People brought packs with "
            "blown zips and tents with broken poles; we kept notes on what failed and why. Those notes became our "
            "first pack, and then a small range of things we would want ourselves: made to be used often, mended "
            "easily and kept for years. Today there are five stores, one warehouse and still a repair bench in every "
            "shop."
        ),
        voice="Plain, warm and exact. We say what a thing is made of, what it is good at and what it is not for.",
        returns_policy="Unused goods may come back within 60 days with the receipt, to any store or by mail.",
        returns_days=60,
        founded=2011,
        employer_id_us="00-5550142",
        vat_id_eu="NL000099998B57",
        chamber_number_nl="00005550",
        website="https://hadlo.example",
        email="hello@hadlo.example",
        email_orders="orders@hadlo.example",
        phone="+1 503 555 0100",
    )
