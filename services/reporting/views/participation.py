"""The view of participations by enterprise: distinct counts and first-timers need it.

Applications of one enterprise are different subjects, perhaps on different partitions: each writes
its own part of the enterprise's document.
"""

from dataclasses import dataclass, field, replace
from typing import assert_never

from shared.contracts.registration.application import AttendanceContested, ParticipantAttended
from shared.contracts.words import Scope
from shared.kernel.view import View

Followed = ParticipantAttended | AttendanceContested


@dataclass(frozen=True, kw_only=True)
class Participant:
    """An enterprise in one programme: the scope of each participation, and the contested ones."""

    programme: str
    first_timer: bool
    attended: dict[str, Scope] = field(default_factory=dict)
    contested: tuple[str, ...] = ()

    @property
    def scopes(self) -> frozenset[Scope]:
        """The scopes in which it took part, contested participations left out."""
        return frozenset(
            scope for name, scope in self.attended.items() if name not in self.contested
        )


def participant_key(event: Followed) -> str:
    """Return `PROGRAMME.ENTERPRISE`."""
    return f"{event.applicant.programme}.{event.applicant.enterprise}"


def _participant(state: Participant | None, event: Followed) -> Participant:
    applicant = event.applicant
    state = state or Participant(programme=applicant.programme, first_timer=applicant.first_timer)
    match event:
        case ParticipantAttended():
            attended = {**state.attended, applicant.application: applicant.scope}
            return replace(state, attended=dict(sorted(attended.items())))
        case AttendanceContested():
            contested = sorted({*state.contested, applicant.application})
            return replace(state, contested=tuple(contested))
        case _:
            assert_never(event)


participants = View(
    noun="participant",
    follows=Followed,
    state=Participant,
    key=participant_key,
    evolve=_participant,
)
