"""A state may name several deadlines: each fires once, in order, also late and after a kill."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, assert_never

from shared.clock import write_clock
from shared.contracts.event import Event
from shared.kernel.decider import Context, Deadline, Decider
from shared.service import Service
from shared.settings import Settings
from shared.store.history import History
from tests.conftest import eventually
from tests.given import NOW
from tests.kernel.test_loops import person
from tests.settled import settled

PARCELS = 8


class _Parcel(Event):
    service: ClassVar[str] = "post"
    kind: ClassVar[str] = "parcel"


class ParcelSent(_Parcel):
    remind_at: datetime
    return_at: datetime


class ReceiverReminded(_Parcel):
    pass


class ParcelReturned(_Parcel):
    pass


ParcelEvent = ParcelSent | ReceiverReminded | ParcelReturned


@dataclass(frozen=True, kw_only=True)
class SendParcel:
    remind_hours: int
    return_hours: int


@dataclass(frozen=True, kw_only=True)
class RemindReceiver:
    pass


@dataclass(frozen=True, kw_only=True)
class ReturnParcel:
    pass


@dataclass(frozen=True, kw_only=True)
class Parcel:
    status: str = "new"
    remind_at: datetime | None = None
    return_at: datetime | None = None


def decide(
    command: SendParcel | RemindReceiver | ReturnParcel, state: Parcel, context: Context
) -> Sequence[ParcelEvent]:
    match command:
        case SendParcel():
            sent = ParcelSent(
                remind_at=context.now + timedelta(hours=command.remind_hours),
                return_at=context.now + timedelta(hours=command.return_hours),
            )
            return [sent]
        case RemindReceiver():
            due = state.remind_at is not None and context.now >= state.remind_at
            return [ReceiverReminded()] if due else []
        case ReturnParcel():
            due = state.return_at is not None and context.now >= state.return_at
            return [ParcelReturned()] if due else []
        case _:
            assert_never(command)


def evolve(state: Parcel, event: ParcelEvent) -> Parcel:
    match event:
        case ParcelSent():
            return Parcel(status="sent", remind_at=event.remind_at, return_at=event.return_at)
        case ReceiverReminded():
            return replace(state, status="reminded", remind_at=None)
        case ParcelReturned():
            return replace(state, status="returned", return_at=None)
        case _:
            assert_never(event)


def deadlines(state: Parcel) -> Sequence[Deadline | None]:
    return (
        Deadline(at=state.return_at, command=ReturnParcel()) if state.return_at else None,
        Deadline(at=state.remind_at, command=RemindReceiver()) if state.remind_at else None,
    )


parcel = Decider(
    kind="parcel",
    commands=SendParcel | RemindReceiver | ReturnParcel,
    state=Parcel,
    events=ParcelEvent,
    initial=Parcel(),
    decide=decide,
    evolve=evolve,
    deadlines=deadlines,
    indexes=("status",),
)
IN_ORDER = ["parcel-sent", "receiver-reminded", "parcel-returned"]


def post() -> Service:
    """Make the service that sends parcels."""
    return Service("post", deciders=(parcel,))


async def send(service: Service, *, remind_hours: int = 1, return_hours: int = 2) -> None:
    command = SendParcel(remind_hours=remind_hours, return_hours=return_hours)
    for number in range(PARCELS):
        await service.handle(parcel, f"p{number}", command, person("1"))


async def pasts(service: Service) -> list[list[str]]:
    """Return the event types of each parcel in order, after all events are archived."""
    await settled(service)
    history = History(service.engine.database)
    found = [await history.of_subject("parcel", f"p{number}") for number in range(PARCELS)]
    return [[event.type.split(".")[-2] for event in past] for past in found]


async def until_all_are(service: Service, status: str) -> None:
    async def they_are() -> bool:
        return await service.count(parcel, status=status) == PARCELS

    await eventually(they_are)


def test_the_earliest_of_several_is_stored() -> None:
    later, sooner = NOW + timedelta(hours=2), NOW + timedelta(hours=1)
    assert parcel.deadline(Parcel()) is None
    state = Parcel(status="sent", remind_at=sooner, return_at=later)
    assert parcel.deadline(state) == Deadline(at=sooner, command=RemindReceiver())
    assert parcel.deadline(replace(state, remind_at=None)) == Deadline(
        at=later, command=ReturnParcel()
    )


def test_of_two_at_one_instant_the_first_named_comes_first() -> None:
    both = Parcel(status="sent", remind_at=NOW, return_at=NOW)
    assert parcel.deadline(both) == Deadline(at=NOW, command=ReturnParcel())


async def test_each_fires_at_its_instant(settings: Settings, tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    write_clock(clock, NOW)
    async with post().opened(settings.model_copy(update={"clock_file": clock})) as service:
        await send(service)
        write_clock(clock, NOW + timedelta(minutes=61))
        await until_all_are(service, "reminded")
        assert (await service.progress())["deadlines_overdue"] == 0
        write_clock(clock, NOW + timedelta(minutes=121))
        await until_all_are(service, "returned")
        assert await pasts(service) == [IN_ORDER] * PARCELS


async def test_both_are_overdue_and_fire_once_in_their_order_for_two_replicas(
    settings: Settings, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    write_clock(clock, NOW)
    settings = settings.model_copy(update={"clock_file": clock})
    async with post().opened(settings) as first, post().opened(settings) as second:
        await send(first)
        write_clock(clock, NOW + timedelta(days=1))
        await until_all_are(first, "returned")
        assert await pasts(second) == [IN_ORDER] * PARCELS
        assert (await second.progress())["deadlines_overdue"] == 0


async def test_both_at_one_instant_fire_once_as_they_are_named(
    settings: Settings, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    write_clock(clock, NOW)
    async with post().opened(settings.model_copy(update={"clock_file": clock})) as service:
        await send(service, remind_hours=1, return_hours=1)
        write_clock(clock, NOW + timedelta(hours=1))
        await until_all_are(service, "reminded")
        assert await pasts(service) == [[IN_ORDER[0], IN_ORDER[2], IN_ORDER[1]]] * PARCELS


async def test_the_second_fires_once_after_a_process_has_died_between_them(
    settings: Settings, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    write_clock(clock, NOW)
    settings = settings.model_copy(update={"clock_file": clock})
    # The API's process alone sweeps nothing: it stands for the process that has died in between.
    dead = settings.model_copy(update={"parts": frozenset({"api"})})
    async with post().opened(dead) as service:
        await send(service)
        context = replace(person("2"), now=NOW + timedelta(days=1))
        for number in range(PARCELS):
            await service.handle(parcel, f"p{number}", RemindReceiver(), context)
        assert await service.count(parcel, status="reminded") == PARCELS
    write_clock(clock, NOW + timedelta(days=1))
    async with post().opened(settings) as service:
        await until_all_are(service, "returned")
        assert await pasts(service) == [IN_ORDER] * PARCELS
