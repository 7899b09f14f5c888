"""The reactions of selection: the commands that each received event causes.

| event | command |
|---|---|
| CallOpened (exhibition) | OpenRound |
| ExhibitionRescheduled (exhibition) | RescheduleRound |
| VerificationClosed (exhibition) | ListCandidates |
| ExhibitionOpened (exhibition) | FreezeSeats |
| ExhibitionCancelled (exhibition) | CancelRound |
| ApplicationVerified (application) | EnterCandidate |
| ApplicationWithdrawn (application) | WithdrawCandidate, StrikeCandidate |
| RenewalExpired (application) | EndCandidate, StrikeCandidate |
| CommitmentExpired (application) | EndCandidate, StrikeCandidate |
| PlaceAccepted (application) | ConfirmPlace, unless a commitment letter is awaited |
| CommitmentDelivered (application) | ConfirmPlace |
| PlaceDeclined, OfferExpired (application) | LosePlace, EndCandidate |
| ApplicationClosed, ApplicationLapsed (application) | EndCandidate |
| ScoringClosed (own round) | SealSheets of each candidate |
| SelectionReturned, LateConflictDeclared (own round) | UnsealSheets of each candidate |
| PlaceFunded (allocation) | OfferPlace |
| AllocationRaised, AllocationLowered, AllocationRepriced (allocation) | FollowFunds |

Each command is correct whenever it comes: a withdrawal or a cancellation may be the first event of
a round that is received.
"""

from collections.abc import Sequence
from typing import Any, Literal, assert_never

from services.selection.domain.candidate.decider import (
    EndCandidate,
    EnterCandidate,
    SealSheets,
    UnsealSheets,
    WithdrawCandidate,
    candidate,
)
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.funds import FollowFunds
from services.selection.domain.selection_round.scoring_phase import ListCandidates, OpenRound
from services.selection.domain.selection_round.seats import (
    CancelRound,
    ConfirmPlace,
    FreezeSeats,
    LosePlace,
    OfferPlace,
    RescheduleRound,
    StrikeCandidate,
)
from services.selection.views.followed import Allocation
from shared.contracts.budget.allocation import (
    AllocationLowered,
    AllocationRaised,
    AllocationRepriced,
    PlaceFunded,
)
from shared.contracts.ids import enterprise_of
from shared.contracts.registration.application import (
    ApplicationClosed,
    ApplicationLapsed,
    ApplicationVerified,
    ApplicationWithdrawn,
    OfferExpired,
    PlaceAccepted,
    PlaceDeclined,
    RenewalExpired,
)
from shared.contracts.registration.commitment import CommitmentDelivered, CommitmentExpired
from shared.contracts.registration.exhibition import (
    CallOpened,
    ExhibitionCancelled,
    ExhibitionOpened,
    ExhibitionRescheduled,
    VerificationClosed,
)
from shared.contracts.selection.candidate import CandidateEnd
from shared.contracts.selection.round import LateConflictDeclared, ScoringClosed, SelectionReturned
from shared.contracts.words import Applicant
from shared.kernel.decider import Addressed
from shared.kernel.view import Reaction


def open_round(event: CallOpened, _: object) -> Sequence[Addressed]:
    """Open the round when the call opens, on the terms of the call."""
    command = OpenRound(
        programme=event.programme,
        scope=event.scope,
        places=event.places,
        quotas=event.quotas,
        rubric=event.rubric,
        threshold=event.threshold,
        sheets_min=event.sheets_min,
        offer_hours=event.offer_hours,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        zone=event.zone,
        technical_approval=event.technical_approval,
        objections=event.objections,
    )
    return [Addressed(decider=selection_round, id=event.exhibition, command=command)]


def reschedule_round(event: ExhibitionRescheduled, _: object) -> Sequence[Addressed]:
    """Take the new days of the exhibition over into its round, if its call has opened."""
    command = RescheduleRound(starts_on=event.starts_on, ends_on=event.ends_on)
    return [Addressed(decider=selection_round, id=event.exhibition, command=command)]


def list_candidates(event: VerificationClosed, _: object) -> Sequence[Addressed]:
    """List the eligible applications, which are final once the verification is closed."""
    command = ListCandidates(applications=event.eligible)
    return [Addressed(decider=selection_round, id=event.exhibition, command=command)]


def freeze_seats(event: ExhibitionOpened, _: object) -> Sequence[Addressed]:
    """Freeze the seats of an exhibition that runs."""
    command = FreezeSeats(programme=event.programme, scope=event.scope)
    return [Addressed(decider=selection_round, id=event.exhibition, command=command)]


def cancel_round(event: ExhibitionCancelled, _: object) -> Sequence[Addressed]:
    """Cancel the round of an exhibition that does not take place."""
    command = CancelRound(programme=event.programme, scope=event.scope)
    return [Addressed(decider=selection_round, id=event.exhibition, command=command)]


def enter_candidate(event: ApplicationVerified, _: object) -> Sequence[Addressed]:
    """Enter an eligible application as a candidate."""
    applicant = event.applicant
    command = EnterCandidate(
        applicant=applicant, submitted_at=event.submitted_at, relations=event.relations
    )
    return [Addressed(decider=candidate, id=applicant.application, command=command)]


def withdraw(event: ApplicationWithdrawn, _: object) -> Sequence[Addressed]:
    """Withdraw the candidate and strike it from the round, in a single write."""
    applicant = event.applicant
    struck = StrikeCandidate(
        programme=applicant.programme, scope=applicant.scope, application=applicant.application
    )
    withdrawn = WithdrawCandidate(applicant=applicant)
    return [
        Addressed(decider=candidate, id=applicant.application, command=withdrawn),
        Addressed(decider=selection_round, id=applicant.exhibition, command=struck),
    ]


def strike_unrenewed(event: RenewalExpired, _: object) -> Sequence[Addressed]:
    """End the candidate whose documents were not renewed, and strike it from the round."""
    return _struck(event.applicant, "not-renewed", CandidateEnd.NOT_RENEWED)


def strike_uncommitted(event: CommitmentExpired, _: object) -> Sequence[Addressed]:
    """End the candidate whose commitment letter did not come, and strike it from the round."""
    return _struck(event.applicant, "not-committed", CandidateEnd.NOT_COMMITTED)


def _struck(
    applicant: Applicant, reason: Literal["not-renewed", "not-committed"], end: CandidateEnd
) -> Sequence[Addressed]:
    struck = StrikeCandidate(
        programme=applicant.programme,
        scope=applicant.scope,
        application=applicant.application,
        reason=reason,
    )
    ended = EndCandidate(code=end)
    return [
        Addressed(decider=candidate, id=applicant.application, command=ended),
        Addressed(decider=selection_round, id=applicant.exhibition, command=struck),
    ]


def confirm_place(event: PlaceAccepted | CommitmentDelivered, _: object) -> Sequence[Addressed]:
    """Confirm the seat of an accepted offer; if a letter is awaited, its delivery confirms it."""
    if isinstance(event, PlaceAccepted) and event.commitment_due_at is not None:
        return []
    applicant = event.applicant
    command = ConfirmPlace(application=applicant.application)
    return [Addressed(decider=selection_round, id=applicant.exhibition, command=command)]


def lose_place(event: PlaceDeclined | OfferExpired, _: object) -> Sequence[Addressed]:
    """Free the seat of an offer that was declined or expired."""
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


def end_candidate(
    event: ApplicationClosed | ApplicationLapsed | PlaceDeclined | OfferExpired, _: object
) -> Sequence[Addressed]:
    """End the candidate of an application that has ended without a place."""
    command = EndCandidate(code=_end_of(event))
    return [Addressed(decider=candidate, id=event.applicant.application, command=command)]


def _end_of(
    event: ApplicationClosed | ApplicationLapsed | PlaceDeclined | OfferExpired,
) -> CandidateEnd:
    match event:
        case ApplicationClosed():
            return CandidateEnd(event.result.value)
        case ApplicationLapsed():
            # The round took the seat away; `PlaceLost` and the application have its reason.
            cancelled = event.reason == "cancelled"
            return CandidateEnd.CANCELLED if cancelled else CandidateEnd.PLACE_LOST
        case PlaceDeclined():
            return CandidateEnd(event.reason.value)
        case OfferExpired():
            return CandidateEnd.EXPIRED
        case _:
            assert_never(event)


def seal_sheets(event: ScoringClosed, _: object) -> Sequence[Addressed]:
    """Seal the sheets of each candidate when the scoring is closed."""
    command = SealSheets(closing=event.closing, sheets_min=event.sheets_min)
    return [
        Addressed(decider=candidate, id=application, command=command)
        for application in event.applications
    ]


def unseal_sheets(
    event: SelectionReturned | LateConflictDeclared, _: object
) -> Sequence[Addressed]:
    """Unseal the sheets of each candidate when the selection is returned to scoring."""
    command = UnsealSheets(closing=event.closing)
    return [
        Addressed(decider=candidate, id=application, command=command)
        for application in event.applications
    ]


def offer_place(event: PlaceFunded, state: Allocation) -> Sequence[Addressed]:
    """Offer a seat once its money is reserved."""
    releases = state.releases.get(enterprise_of(event.application), 0)
    command = OfferPlace(application=event.application, releases=releases)
    return [Addressed(decider=selection_round, id=event.exhibition, command=command)]


def follow_funds(
    event: AllocationRaised | AllocationLowered | AllocationRepriced, _: object
) -> Sequence[Addressed]:
    """Take over the money of an exhibition, and what a place of it costs."""
    cost_idr = None if isinstance(event, AllocationLowered) else event.unit_cost_idr
    command = FollowFunds(
        programme=event.programme,
        scope=event.scope,
        ceiling_idr=event.ceiling_idr,
        place_cost_idr=cost_idr,
    )
    return [Addressed(decider=selection_round, id=event.exhibition, command=command)]


reactions: tuple[Reaction[Any, Any], ...] = (
    Reaction(name="open-round", follows=CallOpened, react=open_round),
    Reaction(name="reschedule-round", follows=ExhibitionRescheduled, react=reschedule_round),
    Reaction(name="list-candidates", follows=VerificationClosed, react=list_candidates),
    Reaction(name="freeze-seats", follows=ExhibitionOpened, react=freeze_seats),
    Reaction(name="cancel-round", follows=ExhibitionCancelled, react=cancel_round),
    Reaction(name="enter-candidate", follows=ApplicationVerified, react=enter_candidate),
    Reaction(name="withdraw", follows=ApplicationWithdrawn, react=withdraw),
    Reaction(name="strike-unrenewed", follows=RenewalExpired, react=strike_unrenewed),
    Reaction(name="strike-uncommitted", follows=CommitmentExpired, react=strike_uncommitted),
    Reaction(
        name="confirm-place", follows=PlaceAccepted | CommitmentDelivered, react=confirm_place
    ),
    Reaction(name="lose-place", follows=PlaceDeclined | OfferExpired, react=lose_place),
    Reaction(
        name="end-candidate",
        follows=ApplicationClosed | ApplicationLapsed | PlaceDeclined | OfferExpired,
        react=end_candidate,
    ),
    Reaction(name="seal-sheets", follows=ScoringClosed, react=seal_sheets),
    Reaction(
        name="unseal-sheets",
        follows=SelectionReturned | LateConflictDeclared,
        react=unseal_sheets,
    ),
    Reaction(name="offer-place", follows=PlaceFunded, react=offer_place),
    Reaction(
        name="follow-funds",
        follows=AllocationRaised | AllocationLowered | AllocationRepriced,
        react=follow_funds,
    ),
)
