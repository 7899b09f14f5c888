"""Verification (Verifikasi Administrasi): a named, dated rule set decides, never the officer.

Every failed requirement is a reason with a stable code; none is made up for by anything else:

| reason | when |
|---|---|
| `licence-missing` | demanded, and none of NIB, SIUP+TDP, IUMK is valid through the last day |
| `product-permit-missing` | demanded of food, beverages and cosmetics: no BPOM MD or SPP-IRT |
| `halal-missing` | demanded, and no halal certificate |
| `capacity-missing` | demanded, and none declared |
| `sector-mismatch` | the exhibition is for other sectors |
| `cap-exceeded` | three facilitated participations in this programme and scope already (ours) |
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.registration.domain.application.participation_cap import (
    PARTICIPATIONS_MAX,
    participations,
)
from services.registration.domain.application.state import (
    Application,
    Status,
    refuse_absent_application,
)
from shared.contracts.registration.application import (
    ApplicationEvent,
    ApplicationRejected,
    ApplicationVerified,
)
from shared.contracts.registration.enterprise import DocumentKind
from shared.contracts.words import Requirement
from shared.kernel.decider import Context, Refused

RULE_SET = "verification-2018-1 (ours)"
LICENCES = frozenset({DocumentKind.NIB, DocumentKind.SIUP_TDP, DocumentKind.IUMK})
PRODUCT_PERMITS = frozenset({DocumentKind.BPOM_MD, DocumentKind.SPP_IRT})
PERMIT_SECTORS = frozenset({"10", "11", "20"})
"""Food, beverages, chemicals and cosmetics."""

# Commands


@dataclass(frozen=True, kw_only=True)
class VerifyApplication:
    """Check the application against the rule set."""


@dataclass(frozen=True, kw_only=True)
class VerificationFacts:
    """All applications of the same enterprise, this one included."""

    applications: tuple[Application, ...]


# Rules


def verify_application(
    command: VerifyApplication,
    facts: VerificationFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Decide by the rule set: eligible, or rejected with every reason."""
    if state is None:
        return refuse_absent_application(context)
    if state.status is not Status.SUBMITTED:
        raise Refused(
            "not-submitted",
            f"This application is {state.status}: only a submitted one can be verified.",
        )
    counted = participations(facts.applications, state)
    reasons = tuple(_failures(state, counted))
    if reasons:
        return [
            ApplicationRejected(
                applicant=state.applicant,
                rule_set=RULE_SET,
                reasons=reasons,
                participations=counted,
            )
        ]
    return [
        ApplicationVerified(
            applicant=state.applicant,
            rule_set=RULE_SET,
            submitted_at=state.submitted_at,
            participations=counted,
        )
    ]


def _failures(state: Application, counted: int) -> Iterator[str]:
    demanded = state.requirements
    sector = state.applicant.sector
    if Requirement.LICENCE in demanded and not _holds(state, LICENCES):
        yield "licence-missing"
    if Requirement.PRODUCT_PERMIT in demanded and not _permitted(state):
        yield "product-permit-missing"
    if Requirement.HALAL in demanded and not _holds(state, frozenset({DocumentKind.HALAL})):
        yield "halal-missing"
    if Requirement.CAPACITY in demanded and state.capacity == 0:
        yield "capacity-missing"
    if state.sectors and sector not in state.sectors:
        yield "sector-mismatch"
    if counted >= PARTICIPATIONS_MAX:
        yield "cap-exceeded"


def _permitted(state: Application) -> bool:
    return state.applicant.sector not in PERMIT_SECTORS or _holds(state, PRODUCT_PERMITS)


def _holds(state: Application, kinds: frozenset[DocumentKind]) -> bool:
    return any(
        document.document in kinds
        and (document.expires_on is None or document.expires_on >= state.valid_through)
        for document in state.documents
    )
