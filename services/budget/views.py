"""The copies of budget: three mirrors of other services, two of its own topic, one tally.

`exhibitions` says to whom money may be allotted, `rounds` who is on the decree's annex;
`applications` only hears who did not come. The own envelope and allocation are followed because
money travels between the two as events; the balances of the allocations are summed per scope.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from shared.contracts.budget.allocation import AllocationEvent, SunkCostRecognised
from shared.contracts.budget.envelope import AllotmentMade
from shared.contracts.ids import without
from shared.contracts.registration.application import ParticipantAbsent
from shared.contracts.registration.exhibition import ExhibitionCancelled, ExhibitionProposed
from shared.contracts.selection.round import (
    AnnexAmended,
    ParticipantsDecreed,
    PlaceLost,
    ReservePromoted,
    RoundCancelled,
    SelectionApproved,
)
from shared.contracts.words import Scope
from shared.kernel.view import Contribution, Mirror, Tally

ExhibitionHeard = ExhibitionProposed | ExhibitionCancelled


@dataclass(frozen=True, kw_only=True)
class Exhibition:
    """Whose money an exhibition may get, and whether it still will take place."""

    programme: str
    scope: Scope
    cancelled: bool = False


def _exhibition(state: Exhibition | None, event: ExhibitionHeard) -> Exhibition:
    match event:
        case ExhibitionProposed():
            return Exhibition(programme=event.programme, scope=event.scope)
        case ExhibitionCancelled():
            return Exhibition(programme=event.programme, scope=event.scope, cancelled=True)
        case _:
            assert_never(event)


@dataclass(frozen=True, kw_only=True)
class Application:
    """A participant that did not come."""

    exhibition: str


def _application(state: Application | None, event: ParticipantAbsent) -> Application:
    return Application(exhibition=event.applicant.exhibition)


RoundHeard = (
    SelectionApproved
    | ReservePromoted
    | PlaceLost
    | ParticipantsDecreed
    | AnnexAmended
    | RoundCancelled
)


@dataclass(frozen=True, kw_only=True)
class Round:
    """The decree's annex as it stands amended: None before the decree, empty once cancelled."""

    annex: tuple[str, ...] | None = None


def _round(state: Round | None, event: RoundHeard) -> Round:
    state = state or Round()
    match event:
        case SelectionApproved() | ReservePromoted() | PlaceLost():
            return state
        case ParticipantsDecreed():
            return Round(annex=event.annex)
        case AnnexAmended():
            return Round(annex=without(state.annex or (), event.without))
        case RoundCancelled():
            return Round(annex=())
        case _:
            assert_never(event)


@dataclass(frozen=True, kw_only=True)
class EnvelopeHeard:
    """An own envelope, followed for its allotments only."""

    programme: str
    scope: Scope


def _envelope(state: EnvelopeHeard | None, event: AllotmentMade) -> EnvelopeHeard:
    return EnvelopeHeard(programme=event.programme, scope=event.scope)


@dataclass(frozen=True, kw_only=True)
class AllocationHeard:
    """The balances of an own allocation after the last event applied to it."""

    programme: str
    scope: Scope
    ceiling_idr: int
    reserved_idr: int
    contracted_idr: int
    realised_idr: int
    sunk_idr: int = 0


def _allocation(state: AllocationHeard | None, event: AllocationEvent) -> AllocationHeard:
    heard = AllocationHeard(
        programme=event.programme,
        scope=event.scope,
        ceiling_idr=event.ceiling_idr,
        reserved_idr=event.reserved_idr,
        contracted_idr=event.contracted_idr,
        realised_idr=event.realised_idr,
        sunk_idr=state.sunk_idr if state else 0,
    )
    match event:
        case SunkCostRecognised():
            return replace(heard, sunk_idr=heard.sunk_idr + event.amount_idr)
        case _:
            return heard


def _use(state: AllocationHeard) -> Contribution:
    return {
        (state.programme, state.scope.value): {
            "ceiling_idr": state.ceiling_idr,
            "reserved_idr": state.reserved_idr,
            "contracted_idr": state.contracted_idr,
            "realised_idr": state.realised_idr,
            "sunk_idr": state.sunk_idr,
        }
    }


exhibitions = Mirror(follows=ExhibitionHeard, state=Exhibition, evolve=_exhibition)
applications = Mirror(follows=ParticipantAbsent, state=Application, evolve=_application)
rounds = Mirror(follows=RoundHeard, state=Round, evolve=_round)
envelopes = Mirror(follows=AllotmentMade, state=EnvelopeHeard, evolve=_envelope)
allocations = Mirror(follows=AllocationEvent, state=AllocationHeard, evolve=_allocation)

use = Tally(name="use", of=allocations, dimensions=("programme", "scope"), contribution=_use)
"""What the allocations of a programme's scope hold, reserve, have contracted and have paid."""
