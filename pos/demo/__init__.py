"""The demo's tills: registers and their readers, shifts from float to count, and what was sold in them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import F

from commerce.catalog.demo_amounts import Amounts
from commerce.catalog.units import PIECE
from commerce.company import devices
from commerce.company.models import Location, User
from commerce.kernel import demo
from commerce.kernel.demo import Advance, Stage
from commerce.kernel.ids import new_uid
from inventory.models import StockLevel
from orders.models import FulfillmentLine
from pos import drawer
from pos.actions.close_shift import close_shift
from pos.actions.open_shift import open_shift
from pos.demo.till import Till
from pos.models import Register, Shift

_LATE = timedelta(minutes=25)


class Demo(demo.Room):
    def stages(self, *, at: datetime) -> list[Stage]:
        self._at = at
        return [Stage("Tills", len(self.retailer.registers()), self._install)]

    def happenings(self) -> dict[str, Any]:
        return {"shift_opened": self.open, "till_sale": self.sell, "shift_closed": self.close}

    @transaction.atomic
    def _install(self, advance: Advance) -> None:
        places = {place.code: place for place in Location.objects.all()}
        for till in self.retailer.registers():
            place = places[till.location_code]
            if not Register.objects.filter(code=till.code).exists():
                device = devices.invite(f"{till.code} {till.name}", place, at=self._at, code=till.pairing_code)
                Register.objects.create(
                    code=till.code, name=till.name, location=place, device=device, card_reader=till.card_reader
                )
            advance(1)

    def on_start(self, *, at: datetime) -> None:
        """The printed pairing codes work after every start, whatever became of them."""
        codes = {till.code: till.pairing_code for till in self.retailer.registers()}
        for register in Register.objects.filter(code__in=codes).select_related("device"):
            if register.device:
                devices.renew(register.device, at=at, code=codes[register.code])

    @cached_property
    def _tills(self) -> dict[str, Till]:
        registers = Register.objects.select_related("location").order_by("pk")
        return {register.code: Till(register, self.retailer, self._amounts) for register in registers}

    @cached_property
    def _amounts(self) -> Amounts:
        return Amounts()

    @cached_property
    def _staff(self) -> dict[str, User]:
        return {person.username: person for person in User.objects.with_places()}

    @cached_property
    def _shifts(self) -> dict[str, Shift]:
        """The open shifts by their register's code."""
        found = Shift.objects.filter(closed_at=None).select_related("register")
        return {shift.register.code: shift for shift in found}

    def open(self, shift: Any, at: datetime) -> None:
        """The float is counted into the drawer."""
        till = self._tills[shift.register_code]
        self._shifts[shift.register_code] = open_shift(
            till.register,
            uid=new_uid(),
            float_minor=shift.float_minor,
            currency=till.market.currency,
            person=self._staff[shift.opened_by],
            at=at,
        )

    def close(self, shift: Any, at: datetime) -> None:
        """The drawer is counted; now and then it is a little over or short."""
        running = self._shifts.pop(shift.register_code)
        close_shift(
            self._tills[shift.register_code].register,
            shift_uid=running.uid,
            counted_minor=max(0, drawer.expected(running) + shift.difference_minor),
            note="",
            person=self._staff[shift.closed_by],
            at=at,
        )

    def sell(self, sale: Any, at: datetime) -> None:
        """A basket at the counter."""
        self._tills[sale.register_code].sell(
            [(line.sku, self._amounts.of(line.sku, line.quantity)) for line in sale.lines],
            sale.tenders,
            shift=self._shifts[sale.register_code],
            cashier=self._staff[sale.cashier],
            at=at,
        )

    def finish(self, *, at: datetime) -> None:
        """A tablet comes back from behind a broken network, with sales of last evening that something is wrong with:
        cases for the people in the office."""
        for promised in self._waiting_pickups():
            place = promised.fulfillment.location
            shift, spare = _last_closed(place), _on_the_shelf(place)
            if shift and shift.closed_at and promised.reservation and len(spare) == 2:
                level = promised.reservation.level
                all_and_one = (promised.order_line.sku, level.on_hand - level.reserved + 1)
                self._sell_late(shift, all_and_one, spare, sold_at=shift.closed_at - _LATE, at=at)
                return

    def _sell_late(
        self, shift: Shift, promised: tuple[str, int], spare: list[str], *, sold_at: datetime, at: datetime
    ) -> None:
        """Units that a web order waits for, an old price, and a receipt number that was printed before."""
        till, cashier = self._tills[shift.register.code], self._staff[shift.opened_by.username]
        paid = (self.retailer.records.Tender("card_present"),)
        late: dict[str, Any] = {"shift": None, "cashier": cashier, "received_at": at}
        till.sell([promised], paid, at=sold_at, **late)
        stale = {spare[0]: till.prices[spare[0]] + 500}
        till.sell([(spare[0], 1)], paid, at=sold_at + timedelta(minutes=4), prices=stale, **late)
        till.sell([(spare[1], 1)], paid, at=sold_at + timedelta(minutes=9), receipt=till.receipts - 3, **late)

    def _waiting_pickups(self) -> Iterator[FulfillmentLine]:
        """What web orders were promised and nobody has taken off the shelf yet, the fewest spare units first."""
        waiting = FulfillmentLine.objects.filter(fulfillment__state="pending", fulfillment__type="pickup")
        yield from waiting.select_related("fulfillment__location", "order_line", "reservation__level").order_by(
            F("reservation__level__on_hand") - F("reservation__level__reserved"), "pk"
        )


def _last_closed(place: Location) -> Shift | None:
    found = Shift.objects.filter(register__location=place, closed_at__isnull=False)
    return found.select_related("register", "opened_by").order_by("-closed_at", "-register__code").first()


def _on_the_shelf(place: Location) -> list[str]:
    """SKUs sold by the piece that nobody was promised, the fullest shelves first."""
    pieces = StockLevel.objects.filter(location=place, variant__unit=PIECE)
    levels = pieces.filter(reserved=0, on_hand__gte=2).order_by("-on_hand", "pk")
    return list(levels.values_list("variant__sku", flat=True)[:2])
