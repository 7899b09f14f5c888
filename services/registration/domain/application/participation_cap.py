"""The cap (ours): three facilitated participations of an enterprise in a programme and scope.

It is looked at twice. Verification turns away who has used it up; but who has two places may be
eligible for several more, so an offer is accepted only while the cap still leaves room for it. Both
read the enterprise's other applications just before they decide: two offers that are accepted in
the same instant may each not see the other.
"""

from collections.abc import Iterable

from services.registration.domain.application.state import Application, Status

PARTICIPATIONS_MAX = 3
"""Per scope and programme (ours; the industry ministry had such a cap in 2013)."""

FACILITATED = frozenset({Status.ACCEPTED, Status.CONFIRMED, Status.ATTENDED, Status.ABSENT})
"""What counts towards the cap: a place taken, whether the participant came or not (ours)."""


def participations(applications: Iterable[Application], state: Application) -> int:
    """Count an enterprise's facilitated applications in the programme and scope of `state`."""
    counted = (state.applicant.programme, state.applicant.scope)
    return sum(
        other.status in FACILITATED
        and (other.applicant.programme, other.applicant.scope) == counted
        for other in applications
    )
