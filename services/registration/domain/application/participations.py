"""The participations of an enterprise: the cap (ours) on its places, and whether it is a newcomer.

Enterprises that are confirmed to be one (`services.registration.domain.suspicion`) are one here:
their applications and what they declare count together.

An enterprise takes at most so many places in a programme and scope as the rule set of the call
says: three in those of the ministry (ours; the industry ministry had such a cap in 2013).
Verification rejects an enterprise that has used up the cap. An enterprise with two places may still
be eligible for several more, so each acceptance claims one of the slots of enterprise, programme
and scope: of two offers that are accepted at the same instant for the last slot, only one claims
it.

Each enterprise of a group of confirmed duplicates keeps its own slots, because places that it took
before the verdict hold them. So an acceptance of a group takes turns (`turn_claim`), and claims in
its turn every slot of the group that is free: what it cannot claim is a place that is taken, or an
acceptance that was begun before the verdict and may still be written. After an acceptance has read
its group and claimed, it reads the group again (`services.registration.api.slots`): if it does not
see a verdict then, its claim was made before that verdict, and every acceptance that sees the
verdict sees the claim.
"""

from dataclasses import dataclass
from datetime import date

from services.registration.domain.application.state import Application, Status
from shared.contracts.words import Scope

SLOT_ENTRY = "place"

FACILITATED = frozenset({Status.ACCEPTED, Status.CONFIRMED, Status.ATTENDED, Status.ABSENT})
"""The statuses that count towards the cap; a participant who did not come counts too (ours).

So does who gave its place up after the decree, unless the exhibition was then cancelled."""

ENDED = frozenset(
    {
        Status.INELIGIBLE,
        Status.DECLINED,
        Status.OFFER_EXPIRED,
        Status.WITHDRAWN,
        Status.LAPSED,
        Status.CLOSED,
    }
)
"""The statuses after which an application takes no place any more."""


@dataclass(frozen=True, kw_only=True)
class ParticipationFacts:
    """All applications of the same enterprise and its confirmed duplicates, this one included.

    `declared` are the most earlier participations that a duplicate of it declares.
    """

    applications: tuple[Application, ...]
    declared: int = 0


@dataclass(frozen=True, kw_only=True)
class AcceptanceFacts:
    """All applications of the enterprise, the cap, and the slot that this one has claimed.

    `places_max` is the cap by the application's rule set; `slot` is None where none was free. Of a
    group of confirmed duplicates a slot is given only if the whole group has one left.
    `commitment_days` is that of the call, `starts_on` the first day of the exhibition.
    """

    participations: ParticipationFacts
    places_max: int
    slot: int | None
    commitment_days: int | None = None
    starts_on: date | None = None


def slots(places_max: int) -> range:
    """Return the slots of this cap, counted from 1."""
    return range(1, places_max + 1)


def count_participations(facts: ParticipationFacts, state: Application) -> int:
    """Count an enterprise's facilitated applications in the programme and scope of `state`."""
    return taken_places(facts, programme=state.applicant.programme, scope=state.applicant.scope)


def taken_places(facts: ParticipationFacts, *, programme: str, scope: Scope) -> int:
    """Count an enterprise's facilitated applications in this programme and scope."""
    return sum(
        _is_facilitated(application)
        and (application.applicant.programme, application.applicant.scope) == (programme, scope)
        for application in facts.applications
    )


def attended_before(facts: ParticipationFacts, programme: str) -> bool:
    """Return True if the enterprise attended an exhibition of an earlier programme."""
    return any(
        application.status is Status.ATTENDED and application.applicant.programme < programme
        for application in facts.applications
    )


def slot_claims(state: Application | None) -> dict[str, str]:
    """Return the slot of the cap that this application holds and no other may have."""
    if state is None or state.slot is None or not _is_facilitated(state):
        return {}
    return {slot_claim(state, state.slot): SLOT_ENTRY}


def may_claim_slot(state: Application | None) -> bool:
    """Return False of an application that has ended, or has its slot: it claims nothing more."""
    return state is None or state.status not in ENDED | FACILITATED


def slot_claim(state: Application, slot: int, enterprise: str = "") -> str:
    """Return the claim of a slot of an enterprise in the application's programme and scope.

    Without `enterprise` it is that of the application.
    """
    applicant = state.applicant
    of = enterprise or applicant.enterprise
    return f"slot/{applicant.programme}.{applicant.scope}.{of}/{slot}"


def turn_claim(state: Application, leading: str) -> str:
    """Return the claim of the turn in which one application of a group may be accepted."""
    applicant = state.applicant
    return f"turn/{applicant.programme}.{applicant.scope}.{leading}"


def live_duplicate(
    facts: ParticipationFacts, exhibition: str, enterprise: str
) -> Application | None:
    """Return an application of a duplicate to this exhibition that has not ended, or None."""
    found = _of_duplicates(facts, exhibition, enterprise)
    return next((each for each in found if each.status not in ENDED), None)


def placed_duplicate(facts: ParticipationFacts, state: Application) -> Application | None:
    """Return an application of a duplicate that has a place at the same exhibition, or None."""
    found = _of_duplicates(facts, state.exhibition, state.enterprise)
    return next((each for each in found if _is_facilitated(each)), None)


def _of_duplicates(
    facts: ParticipationFacts, exhibition: str, enterprise: str
) -> tuple[Application, ...]:
    return tuple(
        each
        for each in facts.applications
        if each.exhibition == exhibition and each.enterprise != enterprise
    )


def _is_facilitated(application: Application) -> bool:
    return application.status in FACILITATED or application.after_decree
