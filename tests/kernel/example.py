"""Two small services for tests of the kernel: a shop with baskets, and a till that bills them.

`shop` publishes baskets (one line of a private note); `till` mirrors them, keeps a view by buyer,
tallies, and opens and grows a bill by reaction. A bill refuses the item "poison",
and the mirror of baskets raises on the item "bug".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar, assert_never

from shared.contracts.event import Event, Private
from shared.kernel.decider import (
    Addressed,
    Context,
    Deadline,
    Decider,
    Refused,
    refuse_or_ignore,
)
from shared.kernel.view import Contribution, Mirror, Reaction, Tally, View
from shared.service import Service


class _Basket(Event):
    service: ClassVar[str] = "shop"
    kind: ClassVar[str] = "basket"

    buyer: str


class ItemAdded(_Basket):
    item: str
    price: int
    note: Private[str] = ""
    stand: Private[str] = ""


class BasketSealed(_Basket):
    at: datetime


class BasketForgotten(_Basket):
    pass


BasketEvent = ItemAdded | BasketSealed | BasketForgotten


@dataclass(frozen=True, kw_only=True)
class AddItem:
    item: str
    price: int
    buyer: str = "ani"
    note: str = ""
    stand: str = ""


@dataclass(frozen=True, kw_only=True)
class SealBasket:
    hours: int = 1


@dataclass(frozen=True, kw_only=True)
class ForgetBasket:
    pass


@dataclass(frozen=True, kw_only=True)
class PriceList:
    most: int


@dataclass(frozen=True, kw_only=True)
class Basket:
    buyer: str = ""
    items: tuple[str, ...] = ()
    total: int = 0
    status: str = "open"
    forget_at: datetime | None = None
    stands: dict[str, str] = field(default_factory=dict)


def decide_basket(
    command: AddItem | SealBasket | ForgetBasket, state: Basket, context: Context
) -> Sequence[BasketEvent]:
    match command:
        case AddItem():
            if state.status != "open":
                return refuse_or_ignore(context, "basket-sealed", "The basket is sealed.")
            return [
                ItemAdded(
                    buyer=command.buyer,
                    item=command.item,
                    price=command.price,
                    note=command.note,
                    stand=command.stand,
                )
            ]
        case SealBasket():
            if state.status != "open" or not state.items:
                return refuse_or_ignore(
                    context, "nothing-to-seal", "The basket is empty or sealed."
                )
            return [
                BasketSealed(buyer=state.buyer, at=context.now + timedelta(hours=command.hours))
            ]
        case ForgetBasket():
            if "bomb" in state.items:
                raise ZeroDivisionError("a bug behind a deadline")
            late = state.forget_at is not None and context.now >= state.forget_at
            return [BasketForgotten(buyer=state.buyer)] if late else []
        case _:
            assert_never(command)


def decide_by_price_list(
    command: AddItem | SealBasket | ForgetBasket,
    facts: PriceList,
    state: Basket,
    context: Context,
) -> Sequence[BasketEvent]:
    """Decide a command; refuse an item that costs more than the list allows."""
    if isinstance(command, AddItem) and command.price > facts.most:
        raise Refused("too-dear", "That costs too much.")
    return decide_basket(command, state, context)


def evolve_basket(state: Basket, event: BasketEvent) -> Basket:
    match event:
        case ItemAdded():
            return replace(
                state,
                buyer=event.buyer,
                items=(*state.items, event.item),
                total=state.total + event.price,
                stands=state.stands | ({event.stand: event.item} if event.stand else {}),
            )
        case BasketSealed():
            return replace(state, status="sealed", forget_at=event.at)
        case BasketForgotten():
            return replace(state, status="forgotten", forget_at=None)
        case _:
            assert_never(event)


def basket_deadline(state: Basket) -> Deadline | None:
    return Deadline(at=state.forget_at, command=ForgetBasket()) if state.forget_at else None


def basket_claims(state: Basket) -> dict[str, str]:
    """Return the stands that only this basket may have."""
    return {f"stand/{stand}": item for stand, item in state.stands.items()}


basket = Decider(
    kind="basket",
    commands=AddItem | SealBasket | ForgetBasket,
    state=Basket,
    events=BasketEvent,
    initial=Basket(),
    decide=decide_basket,
    evolve=evolve_basket,
    deadlines=lambda state: [basket_deadline(state)],
    claims=basket_claims,
    may_claim=lambda state: state.status == "open",
    indexes=("buyer", "status"),
)


class BillGrown(Event):
    service: ClassVar[str] = "till"
    kind: ClassVar[str] = "bill"

    amount: int


@dataclass(frozen=True, kw_only=True)
class GrowBill:
    item: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Bill:
    amount: int = 0
    lines: int = 0


UNBILLABLE = "poison"


def decide_bill(command: GrowBill, state: Bill, context: Context) -> list[BillGrown]:
    if command.item == UNBILLABLE:
        raise Refused("poison", "This can never be billed.")
    return [BillGrown(amount=command.amount)] if command.amount else []


def evolve_bill(state: Bill, event: BillGrown) -> Bill:
    return Bill(amount=state.amount + event.amount, lines=state.lines + 1)


bill = Decider(
    kind="bill",
    commands=GrowBill,
    state=Bill,
    events=BillGrown,
    initial=Bill(),
    decide=decide_bill,
    evolve=evolve_bill,
)


@dataclass(frozen=True, kw_only=True)
class Seen:
    buyer: str
    total: int


def see(state: Seen | None, event: ItemAdded) -> Seen:
    if event.item == "bug":
        raise ZeroDivisionError("a bug in evolve")
    return Seen(buyer=event.buyer, total=(state.total if state else 0) + event.price)


baskets = Mirror(follows=ItemAdded, state=Seen, evolve=see, indexes=("buyer",))


def see_bill(state: Bill | None, event: BillGrown) -> Bill:
    return evolve_bill(state or Bill(), event)


bills = Mirror(follows=BillGrown, state=Bill, evolve=see_bill)


@dataclass(frozen=True, kw_only=True)
class Buyer:
    items: tuple[str, ...] = ()


def buy(state: Buyer | None, event: ItemAdded) -> Buyer:
    return Buyer(items=tuple(sorted((*(state or Buyer()).items, event.item))))


def buyer_of(event: ItemAdded) -> str:
    return event.buyer


buyers = View(noun="buyer", follows=ItemAdded, state=Buyer, key=buyer_of, evolve=buy)


def by_buyer(seen: Seen) -> Contribution:
    return {(seen.buyer,): {"baskets": 1, "total": seen.total}}


spending = Tally(name="spending", of=baskets, dimensions=("buyer",), contribution=by_buyer)
variety = Tally(
    name="variety",
    of=buyers,
    dimensions=("everyone",),
    contribution=lambda state: {("all",): {"items": len(state.items)}},
)


def bill_it(event: ItemAdded, mirror: Seen) -> list[Addressed]:
    command = GrowBill(item=event.item, amount=event.price)
    return [Addressed(decider=bill, id=event.buyer, command=command)]


def shop() -> Service:
    """Make the publishing service."""
    return Service("shop", deciders=(basket,))


def till() -> Service:
    """Make the following service."""
    return Service(
        "till",
        deciders=(bill,),
        mirrors=(baskets, bills),
        views=(buyers,),
        tallies=(spending, variety),
        reactions=(Reaction(name="bill-it", follows=ItemAdded, react=bill_it),),
    )
