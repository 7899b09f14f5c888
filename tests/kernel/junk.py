"""Messages of a strange publisher, and the check that nothing else is stopped by them."""

from typing import Any

from shared.kernel.recorded import Recorded, event_id
from shared.kernel.wire import Message, encode
from shared.service import Service
from tests.kernel.example import (
    AddItem,
    Bill,
    ItemAdded,
    Seen,
    basket,
    baskets,
    bill,
)
from tests.kernel.test_loops import Pair, person
from tests.settled import settled


async def reasons(service: Service) -> list[tuple[str, str]]:
    """Return subject and reason of everything that is parked."""
    rows = await service.engine.inbox.parking.rows()
    return [(row["subject"], row["reason"]) for row in rows]


async def the_others_flow_on(pair: Pair) -> None:
    """Check that another basket still reaches its mirror and its bill."""
    add = AddItem(item="kopi", price=2, buyer="an-other")
    await pair.shop.handle(basket, "another", add, person("another"))
    await settled(*pair)
    assert await pair.till.load(baskets, "another") == Seen(buyer="an-other", total=2)
    assert await pair.till.load(bill, "an-other") == Bill(amount=2, lines=1)


def added(subject: str, sequence: int, **data: object) -> Recorded:
    """Make an `ItemAdded` of another publisher, with any data."""
    event = ItemAdded(buyer="ani", item="batik", price=1)
    return Recorded(
        id=event_id("basket", subject, sequence),
        type=event.type_name(),
        time="2018-02-01T00:00:00.000Z",
        data=event.model_copy(update=data).public_json(),
        private=None,
        actor="x",
        correlation="c",
        causation=None,
        receipt=None,
        body=None,
    )


def message_of_an_item(subject: str) -> Message:
    """Return the message of an `ItemAdded`, as it comes from the topic."""
    key, value, headers = encode("shop", added(subject, 1))
    named: dict[str, Any] = dict(headers)
    return Message(("shop", 0), 0, key, named, value)
