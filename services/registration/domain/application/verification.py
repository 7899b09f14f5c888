"""The rules of verification (Verifikasi Administrasi): a rule set decides, never the officer.

The rule set is the one that the call has frozen. Each of its rules that counts is checked against
the facts that the application froze, the places that the enterprise has taken, and its sanctions on
this day. Every rule that is not met is a reason, and nothing compensates for it. An officer records
findings about documents: they take a document away from the rules, as a revocation does, and can
never add one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from services.registration.domain.application.judges import require_judge
from services.registration.domain.application.participations import (
    ParticipationFacts,
    count_participations,
)
from services.registration.domain.application.state import (
    UNDECIDED,
    Application,
    Status,
)
from services.registration.domain.enterprise.sanctions import sanction_today
from services.registration.domain.enterprise.state import Enterprise
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from services.registration.domain.rule_set.decider import RuleSet
from services.registration.domain.rule_set.interpreter import EligibilityFacts, check_rules, unmet
from shared.contracts.registration.application import (
    ApplicationEvent,
    ApplicationRejected,
    ApplicationVerified,
    FindingsRecorded,
)
from shared.contracts.registration.application_codes import Finding, FindingCode
from shared.contracts.registration.document import FrozenDocument
from shared.contracts.registration.rule_set import RuleCheck
from shared.contracts.words import Id, Text
from shared.kernel.decider import Context, Refused, absent

# Commands


@dataclass(frozen=True, kw_only=True)
class RecordFindings:
    """Record what you found of the documents on paper; `reason` stays private.

    The findings replace the ones before; without findings there are none any more. Name the
    photographs of products on which no name shows as `nameless_photographs`: curators see these
    also while the rubric hides names. Left out, those named before stay.
    """

    findings: Annotated[tuple[Finding, ...], Field(max_length=20)]
    nameless_photographs: Annotated[tuple[Id, ...], Field(max_length=100)] | None = None
    reason: Text = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class FindingsFacts:
    """The photographs of the products of the applicant."""

    photographs: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class VerifyApplication:
    """Check the application against the rule set, as it stands."""


@dataclass(frozen=True, kw_only=True)
class VerificationFacts:
    """The exhibition with its present last day, the rule set, the enterprise, its applications.

    The rule set is the one that the application froze. Where there is no application, there is
    neither an enterprise nor a rule set. `revoked` are the documents that were revoked since,
    `not_genuine` those of them that are not genuine.
    """

    exhibition: ExhibitionStatus
    last_day: date
    enterprise: Enterprise | None
    participations: ParticipationFacts
    rule_set: RuleSet | None
    revoked: frozenset[str] = frozenset()
    not_genuine: frozenset[str] = frozenset()


# Rules


def record_findings(
    command: RecordFindings, facts: FindingsFacts, state: Application | None, context: Context
) -> Sequence[ApplicationEvent]:
    """Record the findings about documents that the application froze, before it is decided."""
    if state is None:
        return absent(context, "application")
    _require_undecided(state)
    require_judge(state, context)
    _require_known(command, facts, state)
    named = command.nameless_photographs
    nameless = state.nameless_photographs if named is None else tuple(sorted(set(named)))
    if (command.findings, nameless) == (state.findings, state.nameless_photographs):
        return []
    return [
        FindingsRecorded(
            applicant=state.applicant,
            findings=command.findings,
            nameless_photographs=nameless,
            reason=command.reason,
            recorded_by=context.actor,
        )
    ]


def _require_known(command: RecordFindings, facts: FindingsFacts, state: Application) -> None:
    found = [finding.document for finding in command.findings]
    if len(set(found)) < len(found):
        raise Refused("finding-repeated", "A document is named twice: name each document once.")
    unknown = sorted(set(found) - {document.document for document in state.documents})
    if unknown:
        raise Refused(
            "document-not-frozen",
            f"This application has not frozen {', '.join(unknown)}: name documents of its "
            "`documents`.",
        )
    strange = sorted(set(command.nameless_photographs or ()) - facts.photographs)
    if strange:
        raise Refused(
            "photograph-unknown",
            f"No product of this applicant has the photograph {', '.join(strange)}: name those of "
            "its dossier.",
        )


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
    _require_undecided(state)
    _require_held(facts)
    require_judge(state, context)
    participations = count_participations(facts.participations, state)
    checks = checks_of(facts, state, context.now)
    if reasons := unmet(checks):
        return [
            ApplicationRejected(
                applicant=state.applicant,
                rule_set=state.rule_set,
                checks=checks,
                reasons=reasons,
                participations=participations,
                rejected_by=context.actor,
            )
        ]
    return [
        ApplicationVerified(
            applicant=state.applicant,
            rule_set=state.rule_set,
            checks=checks,
            relations=state.relations,
            submitted_at=state.submitted_at,
            participations=participations,
            valid_through=facts.last_day,
            verified_by=context.actor,
        )
    ]


def checks_of(facts: VerificationFacts, state: Application, now: datetime) -> tuple[RuleCheck, ...]:
    """Return the check of each rule of the application's rule set, as of now."""
    assert facts.rule_set is not None, "an application is of a call, which has a rule set"
    assert facts.enterprise is not None, "an application is of an enterprise"
    frozen = frozen_facts(state, revoked=facts.revoked, not_genuine=facts.not_genuine)
    found = replace(
        frozen,
        valid_through=facts.last_day,
        participations=count_participations(facts.participations, state),
        sanction=sanction_today(facts.enterprise, now),
    )
    return check_rules(facts.rule_set.rules, found)


def frozen_facts(
    state: Application,
    *,
    revoked: frozenset[str] = frozenset(),
    not_genuine: frozenset[str] = frozenset(),
) -> EligibilityFacts:
    """Return what the rules read of the application alone: without places taken and sanctions."""
    return EligibilityFacts(
        scope=state.applicant.scope,
        sector=state.applicant.sector,
        size_class=state.applicant.size_class,
        capacity=state.capacity,
        documents=state.documents,
        requirements=state.requirements,
        standards=state.standards,
        sectors=state.sectors,
        valid_through=state.valid_through,
        participations=0,
        sanction=None,
        unusable=_found(state, *FindingCode, revoked=revoked),
        not_genuine=_found(state, FindingCode.NOT_GENUINE, revoked=not_genuine),
    )


def _found(
    state: Application, *codes: FindingCode, revoked: frozenset[str]
) -> list[FrozenDocument]:
    found = {finding.document for finding in state.findings if finding.code in codes}
    return [each for each in state.documents if each.document in found | revoked]


def _require_held(facts: VerificationFacts) -> None:
    if facts.exhibition is ExhibitionStatus.CANCELLED:
        raise Refused(
            "exhibition-cancelled",
            "The exhibition is cancelled, so there is nothing to verify any more.",
        )


def _require_undecided(state: Application) -> None:
    if state.status not in UNDECIDED:
        raise Refused(
            "not-submitted",
            f"This application is {state.status}: "
            f"you can judge it only while it is {Status.SUBMITTED} or {Status.NEEDS_CORRECTION}.",
        )
