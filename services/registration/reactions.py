"""The reactions of registration: the command that each event of a round causes.

| event of a round | command |
|---|---|
| PlaceOffered | ReceiveOffer on the application |
| PlaceConfirmed | ConfirmParticipation on the application, ListParticipant on the floor plan |
| PlaceLost | LapseApplication on the application, RemoveParticipant on the floor plan |
| ParticipantsDecreed | DecreeExhibition on the exhibition, CloseApplication on who has no place |
| RoundCancelled | CloseApplication on each listed application |
| ExhibitionCancelled (own) | CloseApplication on each application that waited |
| ExhibitionRescheduled (own) | RescheduleApplication on each application that has not ended |

Each command is correct whenever it comes: an application or exhibition whose status has changed
since ignores it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.registration.domain.application.closing import CloseApplication
from services.registration.domain.application.decider import application
from services.registration.domain.application.place import (
    ConfirmParticipation,
    LapseApplication,
    ReceiveOffer,
)
from services.registration.domain.application.renewal import RescheduleApplication
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.holding import DecreeExhibition
from services.registration.domain.floor_plan import (
    ListParticipant,
    RemoveParticipant,
    floor_plan,
)
from services.registration.views import Round
from shared.contracts.ids import application_id, enterprise_of
from shared.contracts.registration.application_codes import ClosingResult
from shared.contracts.registration.exhibition import ExhibitionCancelled, ExhibitionRescheduled
from shared.contracts.selection.round_seats import (
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    RoundCancelled,
)
from shared.kernel.decider import Addressed
from shared.kernel.view import Reaction


def receive_offer(event: PlaceOffered, _: object) -> Sequence[Addressed]:
    """Receive the offer of a funded seat, which then waits for the applicant's answer."""
    command = ReceiveOffer(
        deadline_at=event.deadline_at, offer_hours=event.offer_hours, latest_at=event.latest_at
    )
    return [Addressed(decider=application, id=event.application, command=command)]


def confirm_participation(event: PlaceConfirmed, _: object) -> Sequence[Addressed]:
    """Confirm the participation: the round has received the acceptance."""
    return [Addressed(decider=application, id=event.application, command=ConfirmParticipation())]


def lapse_application(event: PlaceLost, _: object) -> Sequence[Addressed]:
    """Let the application lapse that has lost its seat.

    If the applicant itself gave up the seat, its application ignores the command. Who has lost it
    to an objection is a reserve again, and may get the next place.
    """
    if event.reason == "objection-upheld":
        return []
    command = LapseApplication(reason=event.reason)
    return [Addressed(decider=application, id=event.application, command=command)]


def list_participant(event: PlaceConfirmed, _: object) -> Sequence[Addressed]:
    """List the participant on the floor plan, where it may be given a booth."""
    command = ListParticipant(
        enterprise=enterprise_of(event.application), programme=event.programme, scope=event.scope
    )
    return [Addressed(decider=floor_plan, id=event.exhibition, command=command)]


def remove_participant(event: PlaceLost, _: object) -> Sequence[Addressed]:
    """Free the booth of who has lost its place; a seat that was never confirmed has none."""
    command = RemoveParticipant(enterprise=enterprise_of(event.application))
    return [Addressed(decider=floor_plan, id=event.exhibition, command=command)]


def decree_exhibition(event: ParticipantsDecreed, state: Round) -> Sequence[Addressed]:
    """Record the decree that names the participants, and close who was not selected.

    The exhibition can then be held. Who was selected is on the annex, or its seat is lost and its
    application lapses.
    """
    decreed = DecreeExhibition(number=event.number)
    selected = frozenset(state.selected or ())
    unplaced = [enterprise for enterprise in state.listed if enterprise not in selected]
    places = {enterprise: place for place, enterprise in enumerate(state.reserve, 1)}
    return [
        Addressed(decider=exhibition, id=event.exhibition, command=decreed),
        *(
            _closed(event.exhibition, each, _result(each, places.get(each), state))
            for each in unplaced
        ),
    ]


def close_listed(event: RoundCancelled, state: Round) -> Sequence[Addressed]:
    """Close the listed applications of a cancelled exhibition.

    One that was withdrawn after the decree gets its slot of the cap back.
    """
    command = CloseApplication(result=ClosingResult.CANCELLED)
    return [_closed(event.exhibition, enterprise, command) for enterprise in state.listed]


def close_waiting(event: ExhibitionCancelled, _: object) -> Sequence[Addressed]:
    """Close the applications that waited when their exhibition was cancelled."""
    command = CloseApplication(result=ClosingResult.CANCELLED)
    return [Addressed(decider=application, id=id, command=command) for id in event.applications]


def reschedule_applications(event: ExhibitionRescheduled, _: object) -> Sequence[Addressed]:
    """Check each application that has not ended against the new days of its exhibition."""
    revoked = {each.application: each.documents for each in event.revoked}
    command = RescheduleApplication(
        starts_on=event.starts_on, ends_on=event.ends_on, rules=event.rules
    )
    return [
        Addressed(decider=application, id=id, command=replace(command, revoked=revoked.get(id, ())))
        for id in event.applications
    ]


def _closed(exhibition: str, enterprise: str, command: CloseApplication) -> Addressed:
    id = application_id(exhibition, enterprise)
    return Addressed(decider=application, id=id, command=command)


def _result(enterprise: str, place: int | None, state: Round) -> CloseApplication:
    if place is None:
        is_stopped = enterprise in state.not_passed
        return CloseApplication(
            result=ClosingResult.GATE if is_stopped else ClosingResult.BELOW_THRESHOLD
        )
    stop = state.passed_over.get(enterprise)
    return CloseApplication(result=ClosingResult.RESERVE, place=place, passed_over=stop)


reactions: tuple[Reaction[Any, Any], ...] = (
    Reaction(name="receive-offer", follows=PlaceOffered, react=receive_offer),
    Reaction(name="confirm-participation", follows=PlaceConfirmed, react=confirm_participation),
    Reaction(name="lapse-application", follows=PlaceLost, react=lapse_application),
    Reaction(name="list-participant", follows=PlaceConfirmed, react=list_participant),
    Reaction(name="remove-participant", follows=PlaceLost, react=remove_participant),
    Reaction(name="decree-exhibition", follows=ParticipantsDecreed, react=decree_exhibition),
    Reaction(name="close-listed", follows=RoundCancelled, react=close_listed),
    Reaction(name="close-waiting", follows=ExhibitionCancelled, react=close_waiting),
    Reaction(
        name="reschedule-applications",
        follows=ExhibitionRescheduled,
        react=reschedule_applications,
    ),
)
