"""The rules of verification (Verifikasi Administrasi): a rule set decides, never the officer.

The rule set has a name and a date. Every requirement that the application does not meet is a reason
with a stable code, and nothing compensates for it:

| reason | condition |
|---|---|
| `licence-missing` | the call requires a licence: no NIB, SIUP+TDP or IUMK is valid |
| `product-permit-missing` | call and sector require a permit: no BPOM MD or SPP-IRT is valid |
| `halal-missing` | the call requires a halal certificate: none is valid |
| `capacity-missing` | the call requires a capacity: none is declared |
| `sector-mismatch` | the exhibition is for other sectors |
| `cap-exceeded` | the enterprise has taken three places in this programme and scope (ours) |
| `sanctioned` | a sanction is in force on the day of the verification |

A document is valid if it is not revoked and does not expire before the last day of the exhibition.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.registration.domain.application.judges import require_judge
from services.registration.domain.application.participations import (
    PARTICIPATIONS_MAX,
    ParticipationFacts,
    count_participations,
)
from services.registration.domain.application.state import (
    UNDECIDED,
    Application,
    Status,
)
from services.registration.domain.enterprise.state import Enterprise
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.calendar import jakarta_date
from shared.contracts.registration.application import (
    ApplicationEvent,
    ApplicationRejected,
    ApplicationVerified,
)
from shared.contracts.registration.document import DocumentKind, FrozenDocument
from shared.contracts.words import Requirement
from shared.kernel.decider import Context, Refused, absent

RULE_SET = "verification-2018-2 (ours)"
LICENCES = frozenset({DocumentKind.NIB, DocumentKind.SIUP_TDP, DocumentKind.IUMK})
PRODUCT_PERMITS = frozenset({DocumentKind.BPOM_MD, DocumentKind.SPP_IRT})
HALAL_CERTIFICATES = frozenset({DocumentKind.HALAL})
PERMIT_SECTORS = frozenset({"10", "11", "20"})
"""The sectors whose products need a permit: food, beverages, chemicals and cosmetics."""

# Commands


@dataclass(frozen=True, kw_only=True)
class VerifyApplication:
    """Check the application against the rule set, as it stands."""


@dataclass(frozen=True, kw_only=True)
class VerificationFacts:
    """The exhibition's status, the enterprise and all its applications.

    There is no enterprise where there is no application. `revoked` are the frozen documents that
    were revoked since.
    """

    exhibition: ExhibitionStatus
    enterprise: Enterprise | None
    participations: ParticipationFacts
    revoked: frozenset[str] = frozenset()


# Rules


def verify_application(
    command: VerifyApplication,
    facts: VerificationFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Find the application eligible, or reject it with every reason.

    An application that waits for a correction may be verified as it stands.
    """
    if state is None:
        return absent(context, "application")
    _require_undecided(state, facts)
    require_judge(state, context)
    participations = count_participations(facts.participations, state)
    documents = [each for each in state.documents if each.document not in facts.revoked]
    reasons = tuple(_reasons(state, documents, participations))
    if facts.enterprise and facts.enterprise.sanction_on(jakarta_date(context.now)):
        reasons += ("sanctioned",)
    if reasons:
        return [
            ApplicationRejected(
                applicant=state.applicant,
                rule_set=RULE_SET,
                reasons=reasons,
                participations=participations,
                rejected_by=context.actor,
            )
        ]
    return [
        ApplicationVerified(
            applicant=state.applicant,
            rule_set=RULE_SET,
            submitted_at=state.submitted_at,
            participations=participations,
            verified_by=context.actor,
        )
    ]


def _require_undecided(state: Application, facts: VerificationFacts) -> None:
    if state.status not in UNDECIDED:
        raise Refused(
            "not-submitted",
            f"This application is {state.status}: "
            f"you can verify it only while it is {Status.SUBMITTED} or {Status.NEEDS_CORRECTION}.",
        )
    if facts.exhibition is ExhibitionStatus.CANCELLED:
        raise Refused(
            "exhibition-cancelled",
            "The exhibition is cancelled, so there is nothing to verify any more.",
        )


def _reasons(
    state: Application, documents: Sequence[FrozenDocument], participations: int
) -> Iterator[str]:
    required = state.requirements
    if Requirement.LICENCE in required and not _has_valid(LICENCES, documents, state):
        yield "licence-missing"
    if Requirement.PRODUCT_PERMIT in required and not _has_product_permit(documents, state):
        yield "product-permit-missing"
    if Requirement.HALAL in required and not _has_valid(HALAL_CERTIFICATES, documents, state):
        yield "halal-missing"
    if Requirement.CAPACITY in required and state.capacity == 0:
        yield "capacity-missing"
    if state.sectors and state.applicant.sector not in state.sectors:
        yield "sector-mismatch"
    if participations >= PARTICIPATIONS_MAX:
        yield "cap-exceeded"


def _has_product_permit(documents: Sequence[FrozenDocument], state: Application) -> bool:
    needs_permit = state.applicant.sector in PERMIT_SECTORS
    return not needs_permit or _has_valid(PRODUCT_PERMITS, documents, state)


def _has_valid(
    kinds: frozenset[DocumentKind], documents: Sequence[FrozenDocument], state: Application
) -> bool:
    return any(
        document.document_kind in kinds
        and (document.expires_on is None or document.expires_on >= state.valid_through)
        for document in documents
    )
