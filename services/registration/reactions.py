"""The reactions of registration: the command that each event of a round causes.

| event of a round | command |
|---|---|
| PlaceOffered | ReceiveOffer on the application |
| PlaceConfirmed | ConfirmParticipation on the application |
| PlaceLost | LapseApplication on the application |
| ParticipantsDecreed | DecreeExhibition on the exhibition |

Each command is correct whenever it comes: an application or exhibition whose status has changed
since ignores it.
"""

from collections.abc import Sequence
from typing import Any

from services.registration.domain.application.decider import application
from services.registration.domain.application.place import (
    ConfirmParticipation,
    LapseApplication,
    ReceiveOffer,
)
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.holding import DecreeExhibition
from shared.contracts.selection.round import (
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
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

    If the applicant itself gave up the seat, its application ignores the command.
    """
    command = LapseApplication(reason=event.reason)
    return [Addressed(decider=application, id=event.application, command=command)]


def decree_exhibition(event: ParticipantsDecreed, _: object) -> Sequence[Addressed]:
    """Record the decree that names the participants: the exhibition can then be held."""
    command = DecreeExhibition(number=event.number)
    return [Addressed(decider=exhibition, id=event.exhibition, command=command)]


reactions: tuple[Reaction[Any, Any], ...] = (
    Reaction(name="receive-offer", follows=PlaceOffered, react=receive_offer),
    Reaction(name="confirm-participation", follows=PlaceConfirmed, react=confirm_participation),
    Reaction(name="lapse-application", follows=PlaceLost, react=lapse_application),
    Reaction(name="decree-exhibition", follows=ParticipantsDecreed, react=decree_exhibition),
)
