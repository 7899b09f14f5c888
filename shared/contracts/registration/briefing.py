"""Briefing (Pembekalan): the participants of an exhibition are prepared for it.

Its place and its link are private, because they are for participants alone.
"""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from shared.contracts.event import Event, Private
from shared.contracts.words import Id, Instant, Text
from shared.contracts.wrong_value import WrongValue


def _web_address(text: str) -> str:
    if not text.lower().startswith(("https://", "http://")):
        raise WrongValue(
            "a link begins with https:// or http://",
            id="Tautan diawali dengan https:// atau http://.",
        )
    return text


Link = Annotated[Text, AfterValidator(_web_address)]
"""The address of a briefing that is held online."""


class _Briefing(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "briefing"

    exhibition: Id


class BriefingScheduled(_Briefing):
    """A briefing for the participants will be held, for so many minutes."""

    starts_at: Instant
    minutes: Annotated[int, Field(ge=1, le=24 * 60)]
    place: Private[str] = ""
    link: Private[str] = ""
    scheduled_by: Private[str] = ""


class BriefingRescheduled(_Briefing):
    """The briefing is at another time, or at another place."""

    starts_at: Instant
    minutes: Annotated[int, Field(ge=1, le=24 * 60)]
    place: Private[str] = ""
    link: Private[str] = ""
    reason: Private[str] = ""
    rescheduled_by: Private[str] = ""


class BriefingCancelled(_Briefing):
    """The briefing is not held."""

    reason: Private[str] = ""
    cancelled_by: Private[str] = ""


class BriefingAttended(_Briefing):
    """An officer has recorded that a participant attended the briefing, or did not."""

    enterprise: Id
    attended: bool
    recorded_by: Private[str] = ""


class BriefingAttendanceCorrected(_Briefing):
    """Another officer has corrected the attendance of a participant."""

    enterprise: Id
    attended: bool
    reason: Private[str] = ""
    corrected_by: Private[str] = ""


BriefingEvent = (
    BriefingScheduled
    | BriefingRescheduled
    | BriefingCancelled
    | BriefingAttended
    | BriefingAttendanceCorrected
)
