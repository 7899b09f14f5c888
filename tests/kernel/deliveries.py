"""A shop that also takes deliveries: a job whose rows put an item and its label into a basket.

The item "bomb" is a bug, a sealed basket refuses, and the items in `LATE` fail until they are taken
out of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, assert_never

from shared.contracts.event import Event
from shared.kernel.decider import Context, Decider, Origin, absent
from shared.kernel.errors import Busy, Refused
from shared.kernel.jobs import Job, JobRow, RowOutcome
from shared.service import Service
from tests.given import NOW
from tests.kernel.example import AddItem, basket

LATE: set[str] = set()


class _Delivery(Event):
    service: ClassVar[str] = "shop"
    kind: ClassVar[str] = "delivery"


class DeliveryRequested(_Delivery):
    rows: int


class DeliveryCancelled(_Delivery):
    pass


class DeliveryFinished(_Delivery):
    outcomes: dict[str, int]


DeliveryEvent = DeliveryRequested | DeliveryCancelled | DeliveryFinished


@dataclass(frozen=True, kw_only=True)
class RequestDelivery:
    rows: int


@dataclass(frozen=True, kw_only=True)
class CancelDelivery:
    pass


@dataclass(frozen=True, kw_only=True)
class FinishDelivery:
    run: int
    outcomes: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    status: str
    run: int = 1
    outcomes: dict[str, int] = field(default_factory=dict)


def decide(
    command: RequestDelivery | CancelDelivery | FinishDelivery,
    state: Delivery | None,
    context: Context,
) -> Sequence[DeliveryEvent]:
    running = state is not None and state.status == "RUNNING"
    match command:
        case RequestDelivery():
            return [] if running else [DeliveryRequested(rows=command.rows)]
        case _ if state is None:
            return absent(context, "delivery")
        case CancelDelivery():
            return [DeliveryCancelled()] if running else []
        case FinishDelivery():
            is_of_this_run = running and state is not None and command.run == state.run
            return [DeliveryFinished(outcomes=command.outcomes)] if is_of_this_run else []
        case _:
            assert_never(command)


def evolve(state: Delivery | None, event: DeliveryEvent) -> Delivery:
    match event:
        case DeliveryRequested():
            return Delivery(status="RUNNING", run=(state.run + 1) if state else 1)
        case _ if state is None:
            raise ValueError(event)
        case DeliveryCancelled():
            return replace(state, status="CANCELLED")
        case DeliveryFinished():
            return replace(state, status="FINISHED", outcomes=event.outcomes)
        case _:
            assert_never(event)


delivery = Decider(
    kind="delivery",
    commands=RequestDelivery | CancelDelivery | FinishDelivery,
    state=Delivery | None,
    events=DeliveryEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("status",),
)


async def deliver(service: Service, state: Delivery, row: JobRow) -> RowOutcome:
    """Put the item of a row and its label into the basket, or say why not."""
    item = row.data["item"]
    if item == "bomb":
        raise ZeroDivisionError("a bug of a row")
    if item in LATE:
        raise Busy("late", "Try again.")
    person = Context(now=NOW, origin=Origin.PERSON, actor="ani")
    try:
        for step in (item, f"label of {item}"):
            add = AddItem(item=step, price=1, buyer=row.data["basket"])
            acting = row.acting(person, delivery.kind, step)
            await service.handle(basket, row.data["basket"], add, acting)
    except Refused as refusal:
        return RowOutcome(outcome="REFUSED", final=False, shown={"code": refusal.code})
    return RowOutcome(outcome="DELIVERED", final=True)


def finish(run: int, outcomes: Mapping[str, int]) -> FinishDelivery:
    return FinishDelivery(run=run, outcomes=dict(outcomes))


def delivering_shop() -> Service:
    """Make a shop that takes deliveries."""
    job = Job(decider=delivery, run_row=deliver, finish=finish)
    return Service("shop", deciders=(basket, delivery), jobs=(job,))


async def request(service: Service, id: str, items: Sequence[tuple[str, str]]) -> None:
    """Ask for a delivery of items to baskets, for the first time or again."""
    await service.job_rows(delivery).add(rows_of(id, items))
    asking = Context(now=NOW, origin=Origin.PERSON, actor="ani", correlation_id="c1")
    await service.handle(delivery, id, RequestDelivery(rows=len(items)), asking)


def rows_of(id: str, items: Sequence[tuple[str, str]]) -> list[tuple[JobRow, RowOutcome | None]]:
    """Return the rows of a delivery, to be stored."""
    return [
        (JobRow(job=id, number=number, data={"item": item, "basket": to}), None)
        for number, (item, to) in enumerate(items, 1)
    ]
