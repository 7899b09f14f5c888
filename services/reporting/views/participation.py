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
from shared.contracts.words import Scope
from shared.kernel.view import View

AttendanceEvent = ParticipantAttended | AttendanceCorrected | AttendanceContested


@dataclass(frozen=True, kw_only=True)
class Participant:
    """An enterprise in a programme.

    `attended` has the scope of each application with a recorded attendance; `contested` has the
    applications whose attendance is contested.
    """

    programme: str
    first_timer: bool
    attended: dict[str, Scope] = field(default_factory=dict)
    contested: tuple[str, ...] = ()

    @property
    def scopes(self) -> frozenset[Scope]:
        """The scopes in which the enterprise took part, without contested participations."""
        return frozenset(
            scope
            for application, scope in self.attended.items()
            if application not in self.contested
        )


def participant_key(event: AttendanceEvent) -> str:
    """Return `PROGRAMME.ENTERPRISE`."""
    return f"{event.applicant.programme}.{event.applicant.enterprise}"


def _participant(state: Participant | None, event: AttendanceEvent) -> Participant:
    applicant, about = event.applicant, event.applicant.application
    state = state or Participant(programme=applicant.programme, first_timer=applicant.first_timer)
    match event:
        case ParticipantAttended():
            attended = {**state.attended, about: applicant.scope}
            return replace(state, attended=dict(sorted(attended.items())))
        case AttendanceCorrected():
            attended = {id: scope for id, scope in state.attended.items() if id != about}
            if event.present:
                attended[about] = applicant.scope
            return replace(state, attended=dict(sorted(attended.items())))
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
