"""The responses about briefings: for officers, for a participant, and in its story."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.registration.domain.briefing.state import Briefing, Status
from services.registration.responses.telling import moment, words
from shared.contracts.words import Sentence
from shared.kernel.answers import Found


@dataclass(frozen=True, kw_only=True)
class BriefingResponse:
    """A briefing; `attendance` has that of each participant whom the reader sees."""

    exhibition: str
    status: Status
    starts_at: datetime
    minutes: int
    place: str
    link: str
    words: str | None
    attendance: dict[str, bool]


@dataclass(frozen=True, kw_only=True)
class AttendedBriefing:
    """A briefing of an application; `attended` is None while nothing is recorded."""

    briefing: str
    starts_at: datetime
    attended: bool | None


def briefing_response(
    found: Found[Briefing | None], enterprise: str | None
) -> Found[BriefingResponse]:
    """Return a briefing for an officer, or for the participant `enterprise`."""
    state = found.state
    assert state is not None, "a briefing is stored with its scheduling"
    response = BriefingResponse(
        exhibition=state.exhibition,
        status=state.status,
        starts_at=state.starts_at,
        minutes=state.minutes,
        place=state.place,
        link=state.link,
        words=state.words if enterprise is None else None,
        attendance={
            participant: recorded.attended
            for participant, recorded in sorted(state.attendance.items())
            if enterprise in (None, participant)
        },
    )
    return Found(id=found.id, version=found.version, state=response)


def attended_briefings(
    briefings: Mapping[str, Briefing], enterprise: str
) -> tuple[AttendedBriefing, ...]:
    """Return the briefings of an exhibition that are held, with the attendance of an enterprise."""
    held = sorted(briefings.items(), key=lambda item: item[1].starts_at)
    return tuple(
        AttendedBriefing(
            briefing=id,
            starts_at=state.starts_at,
            attended=state.attendance[enterprise].attended
            if enterprise in state.attendance
            else None,
        )
        for id, state in held
        if state.status is Status.SCHEDULED
    )


def invitation(state: Briefing, zone: str) -> Sentence:
    """Return the sentence that invites a participant to a briefing."""
    at = moment(state.starts_at, zone)
    where = " / ".join(filter(None, (state.place, state.link)))
    return words(
        f"Ikuti pembekalan pada {at[0]}: {where}.", f"Attend the briefing on {at[1]}: {where}."
    )
