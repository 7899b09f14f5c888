"""Newer versions of the example services, which wrap gifts.

The shop has two further types of event, another form of its baskets (a revision) and a further
deadline command. The till follows one of these types, keeps a further field in its mirror, and has
a further reaction with a further command.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from shared.contracts.event import Event
from shared.kernel.decider import Addressed, Context, Deadline, Decider, Refused
from shared.kernel.view import Mirror, Reaction, Tally
from shared.service import Service
from tests.kernel.example import (
    AddItem,
    Basket,
    BasketEvent,
    BasketForgotten,
    BasketSealed,
    Bill,
    BillGrown,
    ForgetBasket,
    GrowBill,
    ItemAdded,
    PriceList,
    SealBasket,
    Seen,
    basket_claims,
    bill_it,
    bills,
    buyers,
    by_buyer,
    decide_basket,
    decide_bill,
    evolve_basket,
    evolve_bill,
    see,
    variety,
)

GIFT = "gift-"
"""Baskets of such buyers are wrapped with their first item."""


class BasketWrapped(Event):
    service: ClassVar[str] = "shop"
    kind: ClassVar[str] = "basket"

    buyer: str
    deliver_at: datetime


class BasketDelivered(Event):
    service: ClassVar[str] = "shop"
    kind: ClassVar[str] = "basket"

    buyer: str


@dataclass(frozen=True, kw_only=True)
class Deliver:
    pass


@dataclass(frozen=True, kw_only=True)
class GiftBasket(Basket):
    deliver_at: datetime | None = None
    gift: bool = False


GiftCommand = AddItem | SealBasket | ForgetBasket | Deliver
GiftEvent = ItemAdded | BasketSealed | BasketForgotten | BasketWrapped | BasketDelivered


def decide_gift(command: GiftCommand, state: GiftBasket, context: Context) -> Sequence[GiftEvent]:
    """Decide as the older version does; wrap gifts, and deliver them by a deadline."""
    if isinstance(command, Deliver):
        late = state.deliver_at is not None and context.now >= state.deliver_at
        return [BasketDelivered(buyer=state.buyer)] if late else []
    events = decide_basket(command, state, context)
    if isinstance(command, AddItem) and command.buyer.startswith(GIFT) and not state.gift:
        at = context.now + timedelta(seconds=1)
        return [BasketWrapped(buyer=command.buyer, deliver_at=at), *events]
    return events


def decide_gift_by_price_list(
    command: GiftCommand, facts: PriceList, state: GiftBasket, context: Context
) -> Sequence[GiftEvent]:
    """Decide a command; refuse an item that costs more than the list allows."""
    if isinstance(command, AddItem) and command.price > facts.most:
        raise Refused("too-dear", "That costs too much.")
    return decide_gift(command, state, context)


def evolve_gift(state: GiftBasket, event: GiftEvent) -> GiftBasket:
    match event:
        case BasketWrapped():
            return replace(state, gift=True, deliver_at=event.deliver_at)
        case BasketDelivered():
            return replace(state, deliver_at=None)
        case _:
            older: BasketEvent = event
            changed = evolve_basket(state, older)
            assert isinstance(changed, GiftBasket)
            return changed


def gift_deadline(state: GiftBasket) -> Deadline | None:
    return Deadline(at=state.deliver_at, command=Deliver()) if state.deliver_at else None


gift_basket = Decider(
    kind="basket",
    commands=GiftCommand,
    state=GiftBasket,
    events=GiftEvent,
    initial=GiftBasket(),
    decide=decide_gift,
    evolve=evolve_gift,
    deadlines=lambda state: [gift_deadline(state)],
    claims=basket_claims,
    indexes=("buyer", "status"),
    revision=2,
)


@dataclass(frozen=True, kw_only=True)
class ChargeWrapping:
    pass


def decide_wrapped_bill(
    command: GrowBill | ChargeWrapping, state: Bill, context: Context
) -> list[BillGrown]:
    if isinstance(command, ChargeWrapping):
        return [BillGrown(amount=1)]
    return decide_bill(command, state, context)


wrapped_bill = Decider(
    kind="bill",
    commands=GrowBill | ChargeWrapping,
    state=Bill,
    events=BillGrown,
    initial=Bill(),
    decide=decide_wrapped_bill,
    evolve=evolve_bill,
)


@dataclass(frozen=True, kw_only=True)
class SeenGift(Seen):
    gift: bool = False


def see_gift(state: SeenGift | None, event: ItemAdded | BasketWrapped) -> SeenGift:
    before = state or SeenGift(buyer=event.buyer, total=0)
    if isinstance(event, BasketWrapped):
        return replace(before, gift=True)
    seen = see(before, event)
    return replace(before, buyer=seen.buyer, total=seen.total)


gift_baskets: Mirror[SeenGift, ItemAdded | BasketWrapped] = Mirror(
    follows=ItemAdded | BasketWrapped, state=SeenGift, evolve=see_gift, indexes=("buyer",)
)


def charge_wrapping(event: BasketWrapped, mirror: SeenGift) -> list[Addressed]:
    return [Addressed(decider=wrapped_bill, id=event.buyer, command=ChargeWrapping())]


def newer_shop() -> Service:
    """Make the publishing service of the newer version."""
    return Service("shop", deciders=(gift_basket,))


def newer_till() -> Service:
    """Make the following service of the newer version."""
    return Service(
        "till",
        deciders=(wrapped_bill,),
        mirrors=(gift_baskets, bills),
        views=(buyers,),
        tallies=(
            Tally(name="spending", of=gift_baskets, dimensions=("buyer",), contribution=by_buyer),
            variety,
        ),
        reactions=(
            Reaction(name="bill-it", follows=ItemAdded, react=bill_it),
            Reaction(name="charge-wrapping", follows=BasketWrapped, react=charge_wrapping),
        ),
    )
