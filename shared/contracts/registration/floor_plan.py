"""Floor plan (Denah Stan): the booths of one exhibition, and the participants that stand in them.

A booth (Stan) may be shared. Its label is public: it is printed on maps and badges. A participant
is on the plan from the confirmation of its place until it loses that place.
"""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from shared.contracts.event import Event
from shared.contracts.words import Id, PublicText, Scope, Word, Year

PLACES_MAX = 2_000
"""The most enterprises that the ministry places at one exhibition."""

BOOTH_PATTERN = r"^[A-Z0-9]{1,6}(-[A-Z0-9]{1,6})?$"
BoothLabel = Annotated[
    PublicText,
    StringConstraints(pattern=BOOTH_PATTERN),
    Field(examples=["A-12"]),
]
"""The label of a booth: capitals and digits, perhaps with a hyphen between them."""


class Booths(Word):
    """The number of booths of an exhibition, and how many enterprises share one at most."""

    number: Annotated[int, Field(strict=True, ge=1, le=PLACES_MAX)]
    shared_by: Annotated[int, Field(strict=True, ge=1, le=50)] = 1

    @property
    def room(self) -> int:
        """The number of enterprises for which there is room."""
        return self.number * self.shared_by


class BoothAssignment(Word):
    """A participant, and the booth in which it stands from now on."""

    enterprise: Id
    booth: BoothLabel


class _FloorPlan(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "floor-plan"

    exhibition: Id
    programme: Year
    scope: Scope


class ParticipantListed(_FloorPlan):
    """The round has confirmed the place of this enterprise, which may now be given a booth."""

    enterprise: Id


class BoothsAssigned(_FloorPlan):
    """These participants stand in these booths from now on; `booths` are those of the plan."""

    booths: Booths
    assignments: tuple[BoothAssignment, ...]


class BoothsTakenBack(_FloorPlan):
    """These participants have no booth any more, and keep their places."""

    enterprises: tuple[Id, ...]


class ParticipantRemoved(_FloorPlan):
    """This enterprise has lost its place, and with it its `booth`, if it had one."""

    enterprise: Id
    booth: BoothLabel | None = None


FloorPlanEvent = ParticipantListed | BoothsAssigned | BoothsTakenBack | ParticipantRemoved
