"""Submit, correct and withdraw an application.

Submission freezes a snapshot of the facts that rules use: who applies, on which documents, on the
terms of which call. A correction freezes capacity and documents again; who applies stays as it was.
A withdrawal is final for that exhibition (ours).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, assert_never

from pydantic import Field

from services.registration.domain.application_record import Application, Status
from services.registration.domain.enterprise import Enterprise
from services.registration.domain.exhibition_record import Call, Exhibition
from services.registration.domain.exhibition_record import Status as ExhibitionStatus
from services.registration.domain.size_classes import SizeRules, size_rules_on
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
from shared.kernel.decider import Context, Refused, given_facts

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


SubmissionCommand = RequestCorrection | ResubmitApplication | WithdrawApplication

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


def submit(
    command: SubmitApplication, facts: object, state: Application | None, context: Context
) -> Sequence[ApplicationEvent]:
    """One application of an enterprise for an exhibition, while its call is open."""
    if state is not None:
        raise Refused("already-submitted", "This enterprise has applied to this exhibition before.")
    known = given_facts(SubmissionFacts, facts)
    call = _open_call(known.exhibition, context)
    rules = size_rules_on(jakarta_date(call.closes_at))
    return [
        ApplicationSubmitted(
            applicant=_applicant(known, rules, context),
            submitted_at=context.now,
            capacity=command.capacity,
            documents=known.enterprise.filed(),
            requirements=call.requirements,
            sectors=known.exhibition.sectors,
            valid_through=call.last_day,
            size_rules=rules.name,
        )
    ]


def decide_submission(
    command: SubmissionCommand, facts: object, state: Application, context: Context
) -> Sequence[ApplicationEvent]:
    """Decide a command about a submitted application."""
    match command:
        case RequestCorrection():
            if state.status is not Status.SUBMITTED:
                raise Refused(
                    "not-submitted", "A correction can be requested only before verification."
                )
            return [CorrectionRequested(applicant=state.applicant, reason=command.reason)]
        case ResubmitApplication():
            return _resubmit(command, given_facts(ResubmissionFacts, facts), state)
        case WithdrawApplication():
            return _withdraw(command, state)
        case _:
            assert_never(command)


def _open_call(exhibition: Exhibition, context: Context) -> Call:
    if exhibition.status is not ExhibitionStatus.CALL_OPEN or exhibition.call is None:
        raise Refused("call-not-open", "This exhibition does not call for applications now.")
    if context.now > exhibition.call.closes_at:
        raise Refused("call-closed", f"The call closed at {exhibition.call.closes_at}.")
    return exhibition.call


def _applicant(facts: SubmissionFacts, rules: SizeRules, context: Context) -> Applicant:
    enterprise = facts.enterprise
    size_class = rules.size_class(
        net_assets_idr=enterprise.net_assets_idr, annual_sales_idr=enterprise.annual_sales_idr
    )
    if size_class is None:
        raise Refused("not-kukm", f"By {rules.name} this enterprise is too large for a KUKM.")
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


def _resubmit(
    command: ResubmitApplication, facts: ResubmissionFacts, state: Application
) -> Sequence[ApplicationEvent]:
    if state.status is not Status.NEEDS_CORRECTION:
        raise Refused("no-correction-requested", "No correction was requested of this application.")
    return [
        ApplicationResubmitted(
            applicant=state.applicant, capacity=command.capacity, documents=facts.documents
        )
    ]


def _withdraw(command: WithdrawApplication, state: Application) -> Sequence[ApplicationEvent]:
    if state.status is Status.WITHDRAWN:
        return []
    if state.status not in WITHDRAWABLE:
        raise Refused("not-withdrawable", f"An application that is {state.status} stands.")
    return [ApplicationWithdrawn(applicant=state.applicant, reason=command.reason)]
