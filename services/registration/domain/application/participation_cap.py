"""The cap (ours): an enterprise takes at most three places in a programme and scope.

The cap is checked twice. Verification rejects an enterprise that has used it up. An enterprise with
two places may still be eligible for several more, so an offer is accepted only while the cap leaves
room for it. Both rules count the enterprise's applications just before they decide: two
offers that are accepted at the same instant may both be accepted, because neither acceptance sees
the other.
"""

from dataclasses import dataclass

from services.registration.domain.application.state import Application, Status

PARTICIPATIONS_MAX = 3
"""Per scope and programme (ours; the industry ministry had such a cap in 2013)."""

FACILITATED = frozenset({Status.ACCEPTED, Status.CONFIRMED, Status.ATTENDED, Status.ABSENT})
"""The statuses that count towards the cap; a participant who did not come counts too (ours).

So does who gave its place up after the decree."""


@dataclass(frozen=True, kw_only=True)
class ParticipationFacts:
    """All applications of the same enterprise, this application included."""

    applications: tuple[Application, ...]


def count_participations(facts: ParticipationFacts, state: Application) -> int:
    """Count an enterprise's facilitated applications in the programme and scope of `state`."""
    programme_and_scope = (state.applicant.programme, state.applicant.scope)
    return sum(
        (application.status in FACILITATED or application.after_decree)
        and (application.applicant.programme, application.applicant.scope) == programme_and_scope
        for application in facts.applications
    )
