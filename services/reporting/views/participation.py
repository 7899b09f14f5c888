"""The view of participants, by programme and enterprise: it counts each enterprise once.

The applications of an enterprise are different subjects, perhaps on different partitions: each
changes only its own part of the enterprise's document.
"""

from dataclasses import dataclass, field, replace
from typing import assert_never

from shared.contracts.registration.application import (
    AttendanceContested,
    AttendanceCorrected,
    ParticipantAttended,
)
from shared.contracts.registration.check_in import AttendanceRetracted
from shared.contracts.words import Scope
from shared.kernel.view import View

AttendanceEvent = (
    ParticipantAttended | AttendanceCorrected | AttendanceContested | AttendanceRetracted
)


@dataclass(frozen=True, kw_only=True)
class Participation:
    """A recorded attendance: its scope, and the facts that its application has frozen."""

    scope: Scope
    first_timer: bool
    illustrative: bool = False


def both(first: Participation, second: Participation) -> Participation:
    """Return what is true of both participations, in the scope of the first."""
    return replace(
        first,
        first_timer=first.first_timer and second.first_timer,
        illustrative=first.illustrative and second.illustrative,
    )


@dataclass(frozen=True, kw_only=True)
class Participant:
    """An enterprise in a programme.

    `attended` has each application with a recorded attendance; `contested` has the applications
    whose attendance is contested.
    """

    programme: str
    attended: dict[str, Participation] = field(default_factory=dict)
    contested: tuple[str, ...] = ()

    def by_scope(self) -> dict[Scope, Participation]:
        """Return the scopes in which the enterprise took part, without contested participations.

        It is a first-timer where each of its participations is one: an earlier attendance may have
        been recorded between two applications. It is illustrative where each of them is.
        """
        found: dict[Scope, Participation] = {}
        for application, each in self.attended.items():
            if application not in self.contested:
                found[each.scope] = both(found.get(each.scope, each), each)
        return found


def participant_key(event: AttendanceEvent) -> str:
    """Return `PROGRAMME.ENTERPRISE`."""
    return f"{event.applicant.programme}.{event.applicant.enterprise}"


def _participant(state: Participant | None, event: AttendanceEvent) -> Participant:
    applicant, about = event.applicant, event.applicant.application
    state = state or Participant(programme=applicant.programme)
    present = Participation(
        scope=applicant.scope,
        first_timer=applicant.first_timer,
        illustrative=applicant.illustrative,
    )
    match event:
        case ParticipantAttended():
            attended = {**state.attended, about: present}
            return replace(state, attended=dict(sorted(attended.items())))
        case AttendanceCorrected():
            attended = {id: each for id, each in state.attended.items() if id != about}
            if event.present:
                attended[about] = present
            return replace(state, attended=dict(sorted(attended.items())))
        case AttendanceRetracted():
            attended = {id: each for id, each in state.attended.items() if id != about}
            return replace(state, attended=attended)
        case AttendanceContested():
            contested = sorted({*state.contested, about})
            return replace(state, contested=tuple(contested))
        case _:
            assert_never(event)


participants = View(
    noun="participant",
    follows=AttendanceEvent,
    state=Participant,
    key=participant_key,
    evolve=_participant,
)
