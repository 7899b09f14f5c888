"""The small services that are measured: a desk that weighs parcels, a depot and a till that follow.

`desk` publishes. `depot` mirrors the parcels and keeps a tally of eighteen cells, which every batch
touches (hot cells). `till` does so too, and its reaction grows a single account, a hot aggregate.
The rules do almost nothing, so that the kernel is measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from shared.contracts.event import Event
from shared.http import command, routes, running
from shared.kernel.answers import Answer
from shared.kernel.decider import Addressed, Context, Decider
from shared.kernel.view import Contribution, Mirror, Reaction, Tally
from shared.service import Service

REGIONS = ("north", "east", "south", "west", "centre", "islands")
CLASSES = ("letter", "parcel", "pallet")
ACCOUNT = "takings"
CASH_EVERY = 10


class ParcelWeighed(Event):
    """A clerk weighed a parcel."""

    service: ClassVar[str] = "desk"
    kind: ClassVar[str] = "parcel"

    region: str
    size_class: str
    weight_grams: int
    value_idr: int
    carrier: str
    route: str
    weighed_at: datetime


class AccountGrown(Event):
    """The till took money in."""

    service: ClassVar[str] = "till"
    kind: ClassVar[str] = "account"

    amount_idr: int


# Commands


@dataclass(frozen=True, kw_only=True)
class WeighParcel:
    """Weigh a parcel, the first time or again."""

    region: str
    size_class: str
    weight_grams: int
    value_idr: int
    carrier: str
    route: str


@dataclass(frozen=True, kw_only=True)
class GrowAccount:
    """Take money in."""

    amount_idr: int


# State


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A parcel after its last weighing; the mirror's state too."""

    region: str = ""
    size_class: str = ""
    weight_grams: int = 0
    value_idr: int = 0
    weighings: int = 0


@dataclass(frozen=True, kw_only=True)
class Account:
    """The money that the till took in."""

    amount_idr: int = 0
    entries: int = 0


# Rules


def decide_parcel(command: WeighParcel, state: Parcel, context: Context) -> Sequence[ParcelWeighed]:
    """Weigh every parcel: this rule refuses nothing."""
    return [ParcelWeighed(**vars(command), weighed_at=context.now)]


def evolve_parcel(state: Parcel | None, event: ParcelWeighed) -> Parcel:
    """Replace the figures of the last weighing, and count this one."""
    return Parcel(
        region=event.region,
        size_class=event.size_class,
        weight_grams=event.weight_grams,
        value_idr=event.value_idr,
        weighings=(state.weighings if state else 0) + 1,
    )


def decide_account(
    command: GrowAccount, state: Account, context: Context
) -> Sequence[AccountGrown]:
    """Take every amount in: this rule refuses nothing."""
    return [AccountGrown(amount_idr=command.amount_idr)]


def evolve_account(state: Account, event: AccountGrown) -> Account:
    """Add the amount."""
    return Account(amount_idr=state.amount_idr + event.amount_idr, entries=state.entries + 1)


def by_region(parcel: Parcel) -> Contribution:
    """Count a parcel in the region and size class of its last weighing."""
    measures = {"parcels": 1, "grams": parcel.weight_grams, "value_idr": parcel.value_idr}
    return {(parcel.region, parcel.size_class): measures}


def take_in(event: ParcelWeighed, mirror: Parcel) -> Sequence[Addressed]:
    """Take money in for every tenth weighing."""
    if event.value_idr % CASH_EVERY:
        return []
    return [Addressed(decider=account, id=ACCOUNT, command=GrowAccount(amount_idr=1))]


# Declarations

parcel = Decider(
    kind="parcel",
    commands=WeighParcel,
    state=Parcel,
    events=ParcelWeighed,
    initial=Parcel(),
    decide=decide_parcel,
    evolve=evolve_parcel,
)
account = Decider(
    kind="account",
    commands=GrowAccount,
    state=Account,
    events=AccountGrown,
    initial=Account(),
    decide=decide_account,
    evolve=evolve_account,
)
parcels = Mirror(follows=ParcelWeighed, state=Parcel, evolve=evolve_parcel)
load = Tally(name="load", of=parcels, dimensions=("region", "size_class"), contribution=by_region)

desk = Service("desk", deciders=(parcel,))
depot = Service("depot", deciders=(), mirrors=(parcels,), tallies=(load,))
till = Service(
    "till",
    deciders=(account,),
    mirrors=(parcels,),
    tallies=(load,),
    reactions=(Reaction(name="take-in", follows=ParcelWeighed, react=take_in),),
)
SERVICES = {service.name: service for service in (desk, depot, till)}

# Routes

router = routes("parcel")
Clerk = Annotated[Context, command("budget-officer")]
Running = Annotated[Service, running()]


@router.post("/parcels/{id}/weighings", status_code=201)
async def weigh_parcel(id: str, body: WeighParcel, context: Clerk, service: Running) -> Answer:
    """Weigh a parcel."""
    return await service.handle(parcel, id, body, context)
