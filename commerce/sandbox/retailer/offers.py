"""What Hadlo offers: promotions that run, are planned, over or waiting, the groups that they are for, and its codes."""

from __future__ import annotations

from .offer_records import Collection, CustomerGroup, GroupPrices, Offer, OfferItem, Tier


def groups() -> tuple[CustomerGroup, ...]:
    """Who sees other prices; regular customers are members."""
    return CustomerGroup("members", "Members", True), CustomerGroup("staff", "Staff", False)


def group_prices() -> tuple[GroupPrices, ...]:
    """Price lists that are derived from a market's own."""
    return (
        GroupPrices("members", "Members", 900_000, 100, 99, 10),
        GroupPrices("staff", "Staff", 700_000, 0, 0, 20),
    )


def collections() -> tuple[Collection, ...]:
    """Products across shelves; each is named by its key."""
    layers = ("burr-fleece", "tuck-vest", "croft-sweater", "mill-flannel", "rag-wool-gloves", "snowline-mitten")
    return (
        Collection("fall-layers", "Fall layers", layers),
        Collection("first-night-out", "First night out", ("alder-2-tent", "drift-mat", "furl-mat", "lull-hammock")),
    )


def offers() -> tuple[Offer, ...]:
    """Days are counted from the day on which the demo is made."""
    socks = (OfferItem("product", "hike-sock"), OfferItem("product", "ankle-sock-3"))
    return (
        Offer("three-for-two-socks", "3 for 2 on socks", "3 for 2 socks", "buy_get", buy=2, get=1, items=socks,
              begins=0, ends=40),
        Offer("fall-layers", "Fall layers", "Fall layers 15%", "percent", percent=15, begins=0, ends=20,
              items=(OfferItem("collection", "fall-layers"),), best_of="season"),
        Offer("tent-and-mat", "Tent and mat", "Tent and mat set", "bundle", amounts=(("USD", 39900), ("EUR", 41900)),
              items=(OfferItem("product", "alder-2-tent", "part"), OfferItem("product", "drift-mat", "part", 1)),
              begins=0),
        Offer("socks-with-boots", "Socks with every pair of boots", "Free socks with boots", "gift", get=1,
              items=(OfferItem("product", "ankle-sock-3"), OfferItem("category", "boots", "qualify")),
              begins=0, ends=25),
        Offer("members-ship-free", "Members ship free", "Members' free shipping", "free_shipping", scope="shipping",
              min_spend=(("USD", 5000), ("EUR", 5000)), groups=("members",), channels=("web",)),
        Offer("welcome", "Welcome", "Welcome 10%", "percent", scope="order", percent=10, needs_coupon=True,
              code="WELCOME10", uses_per_customer=1),
        Offer("fall-letter", "Fall letter", "Thank you $20", "amount", scope="order",
              amounts=(("USD", 2000), ("EUR", 2000)), min_spend=(("USD", 10000), ("EUR", 10000)), needs_coupon=True,
              batch="Fall letter", codes=500, prefix="FALL", begins=0, ends=60),
        Offer("camp-week", "Camp week", "Camp week 20%", "percent", percent=20, begins=10, ends=17, best_of="season",
              items=(OfferItem("category", "camp"), OfferItem("product", "alder-5-tent", "exclude"))),
        Offer("sandal-days", "Sandal days", "Sandal days 20%", "percent", percent=20, begins=-75, ends=-30,
              items=(OfferItem("category", "shoes"),)),
        Offer("mug-tiers", "The more mugs", "Mugs: more is less", "tiers", state="draft",
              items=(OfferItem("category", "drinkware"),), tiers=(Tier(3, 10), Tier(6, 15))),
        Offer("coffee-hour", "Saturday coffee hour", "Coffee hour 10%", "percent", percent=10, weekdays=(5,),
              channels=("pos",), hours=("09:00", "11:00"), items=(OfferItem("category", "drinkware"),),
              state="paused"),
    )  # fmt: skip
