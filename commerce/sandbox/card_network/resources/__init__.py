"""The API's resources, one file each: its parameters, its endpoints, and the routes they answer."""

from ..call import Route
from . import (
    balance,
    charges,
    customers,
    disputes,
    events,
    payment_intents,
    payment_methods,
    payouts,
    readers,
    refunds,
    setup_intents,
    terminal,
)

ROUTES: list[Route] = [
    route
    for module in (
        balance,
        charges,
        customers,
        disputes,
        events,
        payment_intents,
        payment_methods,
        payouts,
        readers,
        refunds,
        setup_intents,
        terminal,
    )
    for route in module.ROUTES
]
