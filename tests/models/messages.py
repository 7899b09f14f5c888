"""Make messages as they come from the topics of the example's shop and till."""

from typing import Any

from shared.contracts.event import Event
from shared.kernel.recorded import Recorded, event_id
from shared.kernel.wire import Message, encode
from tests.given import NOW
from tests.kernel.example import BasketSealed, BillGrown, ItemAdded

SEALED = "sealed"
"""In place of an item: an event that the till counts and does not follow."""


def basket_event(
    basket: str, sequence: int, *, item: str = "batik", buyer: str = "ani", **where: int
) -> Message:
    """Make the event of an added item, whose price is its number, or of a sealed basket."""
    added = ItemAdded(buyer=buyer, item=item, price=sequence)
    event = BasketSealed(buyer=buyer, at=NOW) if item == SEALED else added
    return _message(basket, sequence, event, **where)


def bill_event(bill: str, sequence: int, **where: int) -> Message:
    """Make the event of a bill that grows by the event's number, on the till's own topic."""
    return _message(bill, sequence, BillGrown(amount=sequence), **where)


def _message(
    subject: str, sequence: int, event: Event, *, partition: int = 0, offset: int = 0
) -> Message:
    recorded = Recorded(
        id=event_id(event.kind, subject, sequence),
        type=event.type_name(),
        time="2018-02-01T00:00:00.000Z",
        data=event.public_json(),
        private=None,
        actor="x",
        correlation="c",
        causation=None,
        receipt=None,
        body=None,
    )
    key, value, headers = encode(event.service, recorded)
    named: dict[str, Any] = dict(headers)
    return Message(
        partition=(event.service, partition),
        offset=offset,
        key=key,
        headers=named,
        value=value,
    )
