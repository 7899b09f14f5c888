"""The rules of renewal: an exhibition has other days, and its applications are checked again.

A reaction checks each application that has not ended against the new days. An open offer must be
answered, and a commitment letter delivered, before the new first day. The documents of an
application that was found eligible must be valid through the new last day, by the rule set that it
froze and without those that were revoked. What is missing must be renewed by a deadline, and the
deadline passes by itself like that of an offer: who does not renew gives up the place. An
application that is not decided yet is checked by its verification.

An application that is submitted in the same instant may be missed: its verification reads the
present last day from the exhibition.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import assert_never

from services.registration.domain.application.commitment import commitment_due_at
from services.registration.domain.application.freezing import SubmissionFacts
from services.registration.domain.application.judges import require_applicant
from services.registration.domain.application.state import (
    NOT_RENEWED,
    TICK,
    UNDECIDED,
    Application,
    Status,
    with_people,
)
from services.registration.domain.application.verification import frozen_facts
from services.registration.domain.rule_set.interpreter import check_rules, unmet
from shared.contracts.calendar import day_before_ends, moment
from shared.contracts.registration.application import (
    ApplicationEvent,
    ApplicationRescheduled,
    DocumentsRenewed,
    RenewalExpired,
)
from shared.contracts.registration.rule_set import EligibilityRule
from shared.kernel.decider import Context, Deadline, Refused, absent, refuse_or_ignore

RENEWAL_TIME = timedelta(days=14)
"""The time to renew documents that end too early (ours); it ends before the first day."""

# Commands


@dataclass(frozen=True, kw_only=True)
class RescheduleApplication:
    """(reaction) Check the application against the new days of its exhibition.

    `rules` are those of its rule set that read documents, `revoked` documents of its enterprise.
    """

    starts_on: date
    ends_on: date
    rules: tuple[EligibilityRule, ...] = ()
    revoked: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RenewDocuments:
    """Freeze your documents again as the applicant: they cover the new last day."""


@dataclass(frozen=True, kw_only=True)
class ExpireRenewal:
    """(sweep) Let the application lapse: its documents were not renewed in time."""


RENEWABLE = frozenset({Status.ELIGIBLE, Status.OFFERED, Status.ACCEPTED, Status.CONFIRMED})
"""The statuses of an application that was found eligible and has not ended."""

# Rules


def reschedule_application(
    command: RescheduleApplication, state: Application, context: Context
) -> Sequence[ApplicationEvent]:
    """Check a live application against the new days; one that has ended ignores them."""
    if state.status not in UNDECIDED | RENEWABLE:
        return refuse_or_ignore(
            context, "has-ended", f"This application is {state.status}: no days matter to it."
        )
    latest_at = day_before_ends(command.starts_on, state.zone)
    moved = replace(state, valid_through=command.ends_on)
    missing: tuple[str, ...] = ()
    if state.status in RENEWABLE:
        missing = missing_rules(moved, command.rules, frozenset(command.revoked))
    deadline_at = state.deadline_at
    if state.status is Status.OFFERED and deadline_at is not None:
        deadline_at = min(deadline_at, latest_at)
    due_at = commitment_due_at(state)
    return [
        ApplicationRescheduled(
            applicant=state.applicant,
            starts_on=command.starts_on,
            valid_through=command.ends_on,
            deadline_at=deadline_at,
            missing=missing,
            renewal_due_at=min(context.now + RENEWAL_TIME, latest_at) if missing else None,
            commitment_due_at=min(due_at, latest_at) if due_at else None,
        )
    ]


def renew_documents(
    command: RenewDocuments,
    facts: SubmissionFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Freeze the documents of today, if they cover the last day of the exhibition."""
    if state is None:
        return absent(context, "application")
    due_at = renewal_due_at(state)
    if NOT_RENEWED in state.reasons or (due_at is not None and context.now > due_at):
        raise Refused(
            "renewal-too-late",
            "The documents were not renewed in time, so you cannot renew them any more.",
        )
    if due_at is None:
        raise Refused(
            "no-renewal-due",
            "No document of this application must be renewed, so there is no need.",
        )
    require_applicant(state, context)
    assert facts.rule_set is not None, "an application is of a call, which has a rule set"
    papers = facts.papers()
    renewed = replace(state, documents=papers["documents"])
    missing = missing_rules(renewed, facts.rule_set.document_rules)
    if missing:
        raise Refused(
            "documents-missing",
            f"Your documents do not cover {state.valid_through}, the last day of the exhibition "
            f"({', '.join(missing)}): file them until {moment(due_at, state.zone)}, then renew.",
        )
    return [
        DocumentsRenewed(
            applicant=state.applicant,
            renewed_by=context.actor,
            **papers,
        )
    ]


def expire_renewal(state: Application, context: Context) -> Sequence[ApplicationEvent]:
    """Let an application lapse whose documents were not renewed in time."""
    due_at = renewal_due_at(state)
    if due_at is None or context.now <= due_at:
        return refuse_or_ignore(
            context,
            "no-late-renewal",
            "This application has no renewal whose deadline has passed.",
        )
    return [RenewalExpired(applicant=state.applicant)]


def evolve_renewal(
    state: Application, event: ApplicationRescheduled | DocumentsRenewed | RenewalExpired
) -> Application:
    """Fold an event of a renewal; called by the fold of the application."""
    match event:
        case ApplicationRescheduled():
            return replace(
                state,
                starts_on=event.starts_on,
                valid_through=event.valid_through,
                deadline_at=event.deadline_at,
                missing=event.missing,
                renewal_due_at=event.renewal_due_at,
                commitment_due_at=event.commitment_due_at,
                moved_after_acceptance=state.moved_after_acceptance or state.slot is not None,
            )
        case DocumentsRenewed():
            return replace(
                state,
                documents=event.documents,
                files=event.files,
                missing=(),
                renewal_due_at=None,
                declared_by=with_people(state.declared_by, *event.declared_by),
                filed_by=with_people(state.filed_by, *event.filed_by),
                submitted_by=with_people(state.submitted_by, event.renewed_by),
            )
        case RenewalExpired():
            return replace(
                state,
                status=Status.LAPSED,
                reasons=(NOT_RENEWED,),
                words="",
                deadline_at=None,
            )
        case _:
            assert_never(event)


def renewal_deadline(state: Application) -> Deadline | None:
    """Return the moment just after the deadline of a renewal that is awaited."""
    due_at = renewal_due_at(state)
    return None if due_at is None else Deadline(at=due_at + TICK, command=ExpireRenewal())


def missing_rules(
    state: Application,
    rules: Sequence[EligibilityRule],
    revoked: frozenset[str] = frozenset(),
) -> tuple[str, ...]:
    """Return the codes of the rules that the frozen documents do not meet on the last day.

    A revoked document counts for no rule. What was found apart from documents stays as it was.
    """
    return unmet(check_rules(rules, frozen_facts(state, revoked=revoked)))


def renewal_due_at(state: Application) -> datetime | None:
    """Return the deadline of the renewal that a live application must deliver, if there is one."""
    return state.renewal_due_at if state.status in RENEWABLE else None
