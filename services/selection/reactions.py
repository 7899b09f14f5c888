"""What selection does on what it hears: the rounds' half of the seat's journey.

| event | command |
|---|---|
| CallOpened (exhibition) | OpenRound |
| VerificationClosed (exhibition) | ListCandidates |
| ExhibitionCancelled (exhibition) | CancelRound |
| ApplicationVerified (application) | EnterCandidate |
| ApplicationWithdrawn (application) | WithdrawCandidate, StrikeCandidate |
| PlaceAccepted (application) | ConfirmPlace |
| PlaceDeclined, OfferExpired (application) | LosePlace |
| ScoringClosed (own round) | SealSheets of each candidate |
| SelectionReturned (own round) | UnsealSheets of each candidate |
| PlaceFunded (allocation) | OfferPlace |

Each is right whenever it comes: a withdrawal or a cancellation may be the first that is heard.
"""

from collections.abc import Sequence
from typing import Any, Literal, assert_never

from services.selection.domain.candidate.decider import (
    EnterCandidate,
    SealSheets,
    UnsealSheets,
    WithdrawCandidate,
    candidate,
)
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.scoring_phase import ListCandidates, OpenRound
from services.selection.domain.selection_round.seats import (
    CancelRound,
    ConfirmPlace,
    LosePlace,
    OfferPlace,
    StrikeCandidate,
)
from shared.contracts.budget.allocation import PlaceFunded
from shared.contracts.registration.application import (
    ApplicationVerified,
    ApplicationWithdrawn,
    OfferExpired,
    PlaceAccepted,
    PlaceDeclined,
)
from shared.contracts.registration.exhibition import (
    CallOpened,
    ExhibitionCancelled,
    VerificationClosed,
)
from shared.contracts.selection.round import ScoringClosed, SelectionReturned
from shared.kernel.decider import Addressed
from shared.kernel.view import Reaction


def open_round(event: CallOpened, _: object) -> Sequence[Addressed]:
    """The selection begins with the call, on its terms."""
    command = OpenRound(
        programme=event.programme,
        scope=event.scope,
        places=event.places,
        rubric=event.rubric,
        threshold=event.threshold,
        sheets_min=event.sheets_min,
        offer_hours=event.offer_hours,
    )
    return [Addressed(decider=selection_round, id=event.exhibition, command=command)]


def list_candidates(event: VerificationClosed, _: object) -> Sequence[Addressed]:
    """Who is eligible is now known exactly."""
    command = ListCandidates(applications=event.eligible)
    return [Addressed(decider=selection_round, id=event.exhibition, command=command)]


def cancel_round(event: ExhibitionCancelled, _: object) -> Sequence[Addressed]:
    """Nobody is selected for what does not take place."""
    command = CancelRound(programme=event.programme, scope=event.scope)
    return [Addressed(decider=selection_round, id=event.exhibition, command=command)]


def enter_candidate(event: ApplicationVerified, _: object) -> Sequence[Addressed]:
    """An eligible application comes before the curators."""
    applicant = event.applicant
    command = EnterCandidate(applicant=applicant, submitted_at=event.submitted_at)
    return [Addressed(decider=candidate, id=applicant.application, command=command)]


def withdraw(event: ApplicationWithdrawn, _: object) -> Sequence[Addressed]:
    """Who gives up leaves the curators and the round, in one write."""
    applicant = event.applicant
    struck = StrikeCandidate(
        programme=applicant.programme, scope=applicant.scope, application=applicant.application
    )
    withdrawn = WithdrawCandidate(applicant=applicant)
    return [
        Addressed(decider=candidate, id=applicant.application, command=withdrawn),
        Addressed(decider=selection_round, id=applicant.exhibition, command=struck),
    ]


def confirm_place(event: PlaceAccepted, _: object) -> Sequence[Addressed]:
    """An accepted offer confirms the seat."""
    applicant = event.applicant
    command = ConfirmPlace(application=applicant.application)
    return [Addressed(decider=selection_round, id=applicant.exhibition, command=command)]


def lose_place(event: PlaceDeclined | OfferExpired, _: object) -> Sequence[Addressed]:
    """A no, or no answer in time, frees the seat."""
    reason: Literal["declined", "expired"]
    match event:
        case PlaceDeclined():
            reason = "declined"
        case OfferExpired():
            reason = "expired"
        case _:
            assert_never(event)
    command = LosePlace(application=event.applicant.application, reason=reason)
    return [Addressed(decider=selection_round, id=event.applicant.exhibition, command=command)]


def seal_sheets(event: ScoringClosed, _: object) -> Sequence[Addressed]:
    """A closed scoring seals what is in."""
    command = SealSheets(closing=event.closing, sheets_min=event.sheets_min)
    return [Addressed(decider=candidate, id=one, command=command) for one in event.applications]


def unseal_sheets(event: SelectionReturned, _: object) -> Sequence[Addressed]:
    """Back to scoring: sheets may change again."""
    command = UnsealSheets(closing=event.closing)
    return [Addressed(decider=candidate, id=one, command=command) for one in event.applications]


def offer_place(event: PlaceFunded, _: object) -> Sequence[Addressed]:
    """A seat that has money is offered."""
    command = OfferPlace(application=event.application)
    return [Addressed(decider=selection_round, id=event.exhibition, command=command)]


reactions: tuple[Reaction[Any, Any], ...] = (
    Reaction(name="open-round", follows=CallOpened, react=open_round),
    Reaction(name="list-candidates", follows=VerificationClosed, react=list_candidates),
    Reaction(name="cancel-round", follows=ExhibitionCancelled, react=cancel_round),
    Reaction(name="enter-candidate", follows=ApplicationVerified, react=enter_candidate),
    Reaction(name="withdraw", follows=ApplicationWithdrawn, react=withdraw),
    Reaction(name="confirm-place", follows=PlaceAccepted, react=confirm_place),
    Reaction(name="lose-place", follows=PlaceDeclined | OfferExpired, react=lose_place),
    Reaction(name="seal-sheets", follows=ScoringClosed, react=seal_sheets),
    Reaction(name="unseal-sheets", follows=SelectionReturned, react=unseal_sheets),
    Reaction(name="offer-place", follows=PlaceFunded, react=offer_place),
)
