"""Submit, correct and withdraw an application.

Submission freezes a snapshot of the facts that rules use: who applies, on which documents, on the
terms of which call. A correction freezes capacity and documents again; who applies stays as it was.
A withdrawal is final for that exhibition (ours).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from services.registration.domain.application.state import (
    Application,
    Status,
    refuse_absent_application,
)
from services.registration.domain.enterprise.decider import Enterprise
from services.registration.domain.enterprise.size_classes import SizeRules, size_rules_on
from services.registration.domain.exhibition.state import Call, Exhibition
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.calendar import jakarta_date
from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.registration.application import (
    ApplicationEvent,
    ApplicationResubmitted,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CorrectionRequested,
)
from shared.contracts.registration.enterprise import FiledDocument
from shared.contracts.words import Applicant, Id, Text
from shared.kernel.decider import Context, Refused

# Commands

Capacity = Annotated[int, Field(ge=0, le=10**9)]
"""Units a month; 0: none declared."""


@dataclass(frozen=True, kw_only=True)
class SubmitApplication:
    """An enterprise asks for a place."""

    enterprise: Id
    capacity: Capacity


@dataclass(frozen=True, kw_only=True)
class SubmissionFacts:
    """The exhibition that is applied to, and who applies, as this service keeps them."""

    exhibition: Exhibition
    enterprise: Enterprise


@dataclass(frozen=True, kw_only=True)
class RequestCorrection:
    """The officer asks the applicant for a correction (Permintaan Perbaikan)."""

    reason: Text


@dataclass(frozen=True, kw_only=True)
class ResubmitApplication:
    """The applicant submits the corrected application."""

    capacity: Capacity


@dataclass(frozen=True, kw_only=True)
class ResubmissionFacts:
    """The enterprise's documents as they are now."""

    documents: tuple[FiledDocument, ...]


@dataclass(frozen=True, kw_only=True)
class WithdrawApplication:
    """The applicant gives up (Pengunduran Diri)."""

    reason: Text


WITHDRAWABLE = frozenset(
    {
        Status.SUBMITTED,
        Status.NEEDS_CORRECTION,
        Status.ELIGIBLE,
        Status.OFFERED,
        Status.ACCEPTED,
        Status.CONFIRMED,
    }
)

# Rules


def submit_application(
    command: SubmitApplication,
    facts: SubmissionFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Submit an enterprise's only application for an exhibition, while its call is open."""
    if state is not None:
        raise Refused(
            "already-submitted",
            "This enterprise has applied to this exhibition before: an application is made once.",
        )
    call = _open_call(facts.exhibition, context)
    rules = size_rules_on(jakarta_date(call.closes_at))
    return [
        ApplicationSubmitted(
            applicant=_applicant(facts, rules, context),
            submitted_at=context.now,
            capacity=command.capacity,
            documents=facts.enterprise.filed(),
            requirements=call.requirements,
            sectors=facts.exhibition.sectors,
            valid_through=call.last_day,
            size_rules=rules.name,
        )
    ]


def request_correction(
    command: RequestCorrection, state: Application
) -> Sequence[ApplicationEvent]:
    """Request a correction of an application that waits for verification."""
    if state.status is not Status.SUBMITTED:
        raise Refused("not-submitted", "A correction can be requested only before verification.")
    return [CorrectionRequested(applicant=state.applicant, reason=command.reason)]


def resubmit_application(
    command: ResubmitApplication,
    facts: ResubmissionFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Submit the corrected application, with the enterprise's documents as they are now."""
    if state is None:
        return refuse_absent_application(context)
    if state.status is not Status.NEEDS_CORRECTION:
        raise Refused(
            "no-correction-requested",
            "Your application can be changed only after an officer has requested a correction.",
        )
    return [
        ApplicationResubmitted(
            applicant=state.applicant, capacity=command.capacity, documents=facts.documents
        )
    ]


def withdraw_application(
    command: WithdrawApplication, state: Application
) -> Sequence[ApplicationEvent]:
    """Withdraw an application, for good; a repeated withdrawal changes nothing."""
    if state.status is Status.WITHDRAWN:
        return []
    if state.status not in WITHDRAWABLE:
        raise Refused(
            "not-withdrawable",
            f"This application is {state.status}, so it can no longer be withdrawn.",
        )
    return [ApplicationWithdrawn(applicant=state.applicant, reason=command.reason)]


def _open_call(exhibition: Exhibition, context: Context) -> Call:
    if exhibition.status is not ExhibitionStatus.CALL_OPEN or exhibition.call is None:
        raise Refused(
            "call-not-open", "This exhibition takes no applications now: its call is not open."
        )
    if context.now > exhibition.call.closes_at:
        raise Refused("call-closed", f"The call closed at {exhibition.call.closes_at}.")
    return exhibition.call


def _applicant(facts: SubmissionFacts, rules: SizeRules, context: Context) -> Applicant:
    enterprise = facts.enterprise
    size_class = rules.size_class(
        net_assets_idr=enterprise.net_assets_idr, annual_sales_idr=enterprise.annual_sales_idr
    )
    if size_class is None:
        raise Refused(
            "not-kukm",
            f"By {rules.name} this enterprise is too large to be a KUKM, so it cannot apply.",
        )
    return Applicant(
        exhibition=exhibition_of(context.subject),
        programme=facts.exhibition.programme,
        scope=facts.exhibition.scope,
        enterprise=enterprise_of(context.subject),
        province=enterprise.province,
        sector=enterprise.sector,
        size_class=size_class,
        cooperative=enterprise.cooperative,
        first_timer=enterprise.earlier_participations == 0,
    )
