"""Load the facts of a command from this service's own aggregates and its mirror of rubrics.

A programme, exhibition, enterprise, rule set or rubric that exists is never deleted, and a
published rule set or rubric never changes. A call that was open at `context.now` is still open at
the write (`call`). Where another fact may change between the load and the write, its module says
what follows from that: `call` for undecided and eligible applications, `participations` for the
places of an enterprise, `exhibition.requirements` for a rule set that is retired.
"""

import asyncio
from datetime import date

from services.registration.api.duplicates import group_of
from services.registration.domain.application.closing import CLOSABLE
from services.registration.domain.application.decider import application
from services.registration.domain.application.freezing import SubmissionFacts
from services.registration.domain.application.participations import (
    ParticipationFacts,
)
from services.registration.domain.application.state import (
    Decision,
    ExhibitionFacts,
    Status,
)
from services.registration.domain.application.verification import VerificationFacts
from services.registration.domain.briefing.decider import briefing
from services.registration.domain.briefing.state import Briefing
from services.registration.domain.document.decider import document
from services.registration.domain.document.state import Document, counting
from services.registration.domain.document.state import Status as DocumentStatus
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.state import Enterprise
from services.registration.domain.exhibition.call import CallFacts, ClosureFacts
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.holding import ReportFacts
from services.registration.domain.exhibition.overseas_policy import OverseasPolicy
from services.registration.domain.exhibition.planning import CancellationFacts
from services.registration.domain.exhibition.rescheduling import ReschedulingFacts
from services.registration.domain.exhibition.state import Exhibition
from services.registration.domain.programme import programme
from services.registration.domain.rule_set.decider import RuleSet, rule_set
from services.registration.views import rubrics
from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.registration.document import RevocationCode
from shared.kernel.answers import Found
from shared.kernel.errors import NotFound, Unknown
from shared.kernel.keys import HashKeys
from shared.service import Service


async def require_programme(service: Service, id: str) -> None:
    """Raise `Unknown` if no such programme was announced."""
    if await service.load(programme, id) is None:
        raise Unknown("programme", id)


async def cancellation_facts(
    service: Service, id: str, replaced_by: str | None
) -> CancellationFacts:
    """Return the applications that wait; raises `Unknown` for an unknown replacement."""
    if replaced_by is not None and await service.load(exhibition, replaced_by) is None:
        raise Unknown("exhibition", replaced_by)
    # An application that is submitted during the read closes by itself (`closing`).
    waiting = [
        found.id
        for status in CLOSABLE
        async for found in service.find_all(application, exhibition=id, status=status)
    ]
    return CancellationFacts(waiting=tuple(waiting))


async def rescheduling_facts(service: Service, id: str) -> ReschedulingFacts:
    """Return the applications to this exhibition that have not ended, and the rules of its call."""
    # In the order of their lives: one that goes on during the read is found at least once. One that
    # is submitted during the read is checked by its verification (`renewal`).
    undecided = service.find_all(application, exhibition=id, decision=Decision.PENDING)
    live = {found.id async for found in undecided}
    for status in (Status.ELIGIBLE, Status.OFFERED, Status.ACCEPTED, Status.CONFIRMED):
        live |= {
            found.id async for found in service.find_all(application, exhibition=id, status=status)
        }
    state = await service.load(exhibition, id)
    call = state and state.call
    return ReschedulingFacts(
        live=tuple(live),
        rule_set=await load_rule_set(service, call.rule_set) if call else None,
        revoked={each: await _revoked_of(service, enterprise_of(each)) for each in live},
    )


async def _revoked_of(service: Service, enterprise: str) -> tuple[str, ...]:
    documents = await document_states(service, enterprise)
    revoked = DocumentStatus.REVOKED
    return tuple(id for id, each in sorted(documents.items()) if each.status is revoked)


async def call_facts(service: Service, *, rubric: str, rules: str) -> CallFacts:
    """Return the thresholds of this rubric, and the rule set `rules`; raises `Unknown`."""
    published = await service.load(rubrics, rubric)
    if published is None:
        raise Unknown("rubric", rubric)
    return CallFacts(thresholds=published.thresholds, rule_set=await load_rule_set(service, rules))


async def closure_facts(service: Service, exhibition: str) -> ClosureFacts:
    """Return the number of undecided applications and, if there is none, the eligible ones."""
    # The undecided are counted first: an application that is verified between the two reads would
    # otherwise be in neither.
    undecided = await service.count(application, exhibition=exhibition, decision=Decision.PENDING)
    eligible = () if undecided else await _eligible(service, exhibition)
    return ClosureFacts(undecided=undecided, eligible=eligible)


async def submission_facts(service: Service, exhibition: str, enterprise: str) -> SubmissionFacts:
    """Return the exhibition, the enterprise and its applications.

    Raises `NotFound` and `Unknown`.
    """
    held = await load_exhibition(service, exhibition)
    # Many submissions at once read these together (`shared.store.batched_reads`).
    rules, applicant, participations, documents = await asyncio.gather(
        _rules_of(service, held),
        load_enterprise(service, enterprise),
        participation_facts(service, enterprise),
        document_states(service, enterprise),
    )
    return SubmissionFacts(
        exhibition=held,
        rule_set=rules,
        enterprise=applicant,
        participations=participations,
        documents=counting(documents),
        relation_keys=relation_keys_of(service),
    )


def relation_keys_of(service: Service) -> HashKeys:
    """Return the keys of the hashes of relations; without one this service does not start."""
    keys = service.engine.settings.relation_keys
    assert keys, "services.registration.app checks this at start"
    return HashKeys(keys)


async def _rules_of(service: Service, held: Exhibition) -> RuleSet | None:
    return await load_rule_set(service, held.call.rule_set) if held.call else None


async def document_states(service: Service, enterprise: str) -> dict[str, Document]:
    """Return all documents of this enterprise by id."""
    found = await documents_of(service, enterprise)
    return {id: each.state for id, each in found.items()}


async def documents_of(service: Service, enterprise: str) -> dict[str, Found[Document]]:
    """Return all documents of this enterprise by id, with their versions."""
    # One that is filed or revoked during the read counts or does not: both orders are possible.
    return {
        found.id: Found(id=found.id, version=found.version, state=found.state)
        async for found in service.find_all(document, enterprise=enterprise)
        if found.state is not None
    }


async def participation_facts(service: Service, enterprise: str) -> ParticipationFacts:
    """Return all applications of this enterprise and of its confirmed duplicates."""
    # Statuses may change during the read: an acceptance that is not seen here has claimed a slot.
    group = await group_of(service, enterprise)
    applications = [
        found.state
        for member in group
        async for found in service.find_all(application, enterprise=member)
        if found.state
    ]
    others = [await load_enterprise(service, member) for member in group if member != enterprise]
    declared = max((other.earlier_participations for other in others), default=0)
    return ParticipationFacts(applications=tuple(applications), declared=declared)


async def verification_facts(service: Service, id: str) -> VerificationFacts:
    """Return what verification needs; raises `NotFound`."""
    held, applicant = await load_exhibition(service, exhibition_of(id)), enterprise_of(id)
    state = await service.load(application, id)
    documents = await document_states(service, applicant)
    revoked = {
        id: each.revoked_because
        for id, each in documents.items()
        if each.status is DocumentStatus.REVOKED
    }
    forged = RevocationCode.NOT_GENUINE
    return VerificationFacts(
        exhibition=held.status,
        last_day=held.call.last_day if held.call else date.max,
        enterprise=await service.load(enterprise, applicant),
        participations=await participation_facts(service, applicant),
        rule_set=await load_rule_set(service, state.rule_set) if state else None,
        revoked=frozenset(revoked),
        not_genuine=frozenset(id for id, code in revoked.items() if code is forged),
    )


async def exhibition_facts(service: Service, application: str) -> ExhibitionFacts:
    """Return how far the exhibition of this application is; raises `NotFound`."""
    state = await load_exhibition(service, exhibition_of(application))
    last_day = state.plan.ends_on if state.plan else None
    return ExhibitionFacts(exhibition=state.status, last_day=last_day)


async def report_facts(service: Service, exhibition: str, policy: OverseasPolicy) -> ReportFacts:
    """Return the number of participants whose attendance is not recorded, with the policy."""
    # The accepted are counted first: one that is confirmed between the two reads is counted twice
    # rather than not at all.
    accepted = await service.count(application, exhibition=exhibition, status=Status.ACCEPTED)
    confirmed = await service.count(application, exhibition=exhibition, status=Status.CONFIRMED)
    return ReportFacts(unrecorded=accepted + confirmed, policy=policy)


async def briefings_of(service: Service, exhibition: str) -> dict[str, Briefing]:
    """Return all briefings of an exhibition by id."""
    return {
        found.id: found.state
        async for found in service.find_all(briefing, exhibition=exhibition)
        if found.state is not None
    }


async def load_exhibition(service: Service, id: str) -> Exhibition:
    """Return an exhibition; raises `NotFound`."""
    state = await service.load(exhibition, id)
    if state is None:
        raise NotFound("exhibition", id)
    return state


async def load_enterprise(service: Service, id: str) -> Enterprise:
    """Return an enterprise; raises `Unknown`."""
    state = await service.load(enterprise, id)
    if state is None:
        raise Unknown("enterprise", id)
    return state


async def load_rule_set(service: Service, id: str) -> RuleSet:
    """Return a rule set; raises `Unknown`."""
    state = await service.load(rule_set, id)
    if state is None:
        raise Unknown("rule-set", id)
    return state


async def _eligible(service: Service, exhibition: str) -> tuple[str, ...]:
    # An application that is withdrawn during the read may be listed or not: selection receives the
    # withdrawal in either case.
    pages = service.find_all(application, exhibition=exhibition, status=Status.ELIGIBLE)
    return tuple([found.id async for found in pages])
