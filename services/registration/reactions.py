"""The reactions of registration: the command that each event of a round causes.

| event of a round | command |
|---|---|
| PlaceOffered | ReceiveOffer on the application |
| PlaceConfirmed | ConfirmParticipation on the application |
| PlaceLost | LapseApplication on the application |
| ParticipantsDecreed | DecreeExhibition on the exhibition |

Each command is correct whenever it comes: an application that has moved on ignores it.
"""

from collections.abc import Sequence
from typing import Any

from services.registration.domain.application.decider import application
from services.registration.domain.application.place import (
    ConfirmParticipation,
    LapseApplication,
    ReceiveOffer,
)
from services.registration.domain.exhibition.decider import DecreeExhibition, exhibition
from shared.contracts.selection.round import (
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
)
from shared.kernel.decider import Addressed
from shared.kernel.view import Reaction


def receive_offer(event: PlaceOffered, _: object) -> Sequence[Addressed]:
    """A funded seat waits for the applicant's answer."""
    command = ReceiveOffer(deadline_at=event.deadline_at)
    return [Addressed(decider=application, id=event.application, command=command)]


def confirm_participation(event: PlaceConfirmed, _: object) -> Sequence[Addressed]:
    """Confirm the participation: the round has received the acceptance."""
    return [Addressed(decider=application, id=event.application, command=ConfirmParticipation())]


def lapse_application(event: PlaceLost, _: object) -> Sequence[Addressed]:
    """A seat is lost on the round's side; after the applicant's own no this is silent."""
    command = LapseApplication(reason=event.reason)
    return [Addressed(decider=application, id=event.application, command=command)]


def decree_exhibition(event: ParticipantsDecreed, _: object) -> Sequence[Addressed]:
    """The participants are named: the exhibition can be held."""
    command = DecreeExhibition(number=event.number)
    return [Addressed(decider=exhibition, id=event.exhibition, command=command)]


reactions: tuple[Reaction[Any, Any], ...] = (
    Reaction(name="receive-offer", follows=PlaceOffered, react=receive_offer),
    Reaction(name="confirm-participation", follows=PlaceConfirmed, react=confirm_participation),
    Reaction(name="lapse-application", follows=PlaceLost, react=lapse_application),
    Reaction(name="decree-exhibition", follows=ParticipantsDecreed, react=decree_exhibition),
)
