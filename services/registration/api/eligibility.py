"""The route that tells an enterprise before its submission which rules it does not meet yet.

It is a query: it stores nothing, and needs no Idempotency-Key. The figures and documents that it
reads are those that this service stores; the capacity is in the body, as in a submission, or in the
draft of the enterprise that asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Path

from services.registration.api.facts import submission_facts
from services.registration.domain.application import eligibility
from services.registration.domain.application.decider import application
from services.registration.domain.application.freezing import SubmissionFacts
from services.registration.domain.application.submission import (
    Capacity,
    SubmitApplication,
    submit_application,
)
from services.registration.domain.draft import draft
from services.registration.domain.imports.sentences import sentences_of
from services.registration.domain.rule_set.decider import RuleSet
from services.registration.domain.rule_set.interpreter import unmet
from services.registration.responses.rules import RuleResponse, rule_responses
from shared.contracts.ids import application_id
from shared.contracts.registration.rule_set import RuleCheck
from shared.contracts.words import Id
from shared.http import Caller, Role, RunningService, only_own, query, routes
from shared.kernel.adapters import adapter_of
from shared.kernel.decider import Context, Origin
from shared.kernel.errors import Refused
from shared.service import Service

router = routes("eligibility")

Asker = Annotated[Caller, query("enterprise", "verification-officer")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


@dataclass(frozen=True, kw_only=True)
class EligibilityQuestion:
    """The enterprise that thinks of applying, and the capacity that it would declare.

    Without a capacity it is that of its draft; an officer never reads a draft.
    """

    enterprise: Id
    capacity: Capacity | None = None


@router.post("/exhibitions/{exhibition}/eligibility-check")
async def check_eligibility(
    id: ExhibitionId, body: EligibilityQuestion, reader: Asker, service: RunningService
) -> dict[str, Any]:
    """Tell an enterprise before it applies to an open call what is missing, in sentences."""
    only_own(reader, body.enterprise)
    facts = await submission_facts(service, id, body.enterprise)
    capacity = body.capacity
    is_own = Role.ENTERPRISE in reader.roles and reader.enterprise == body.enterprise
    if capacity is None and is_own:
        capacity = await _drafted_capacity(service, application_id(id, body.enterprise))
    checks = eligibility.check_eligibility(facts, capacity or 0, service.now())
    refusal = await _refusal(service, id, body.enterprise, facts)
    call, rules = facts.exhibition.call, facts.rule_set
    assert call is not None, "the check refuses an exhibition without an open call"
    assert rules is not None, "an open call has a rule set"
    return {
        "exhibition": id,
        "enterprise": body.enterprise,
        "rule_set": call.rule_set,
        "valid_through": str(call.last_day),
        "eligible": not unmet(checks) and refusal is None,
        "refusal": refusal,
        "rules": shown_rules(rules, checks, call.last_day),
    }


async def _refusal(
    service: Service, exhibition: str, enterprise: str, facts: SubmissionFacts
) -> dict[str, object] | None:
    """Return why a submission would be refused whatever the rules say; None: it would not."""
    of = application_id(exhibition, enterprise)
    context = Context(now=service.now(), origin=Origin.PERSON, actor="", subject=of)
    command = SubmitApplication(enterprise=enterprise, capacity=0)
    try:
        submit_application(command, facts, await service.load(application, of), context)
    except Refused as refused:
        return {"code": refused.code, "sentence": sentences_of(refused.code)}
    return None


async def _drafted_capacity(service: Service, id: str) -> int | None:
    state = await service.load(draft, id)
    return state.content.capacity if state and state.content else None


def shown_rules(
    rules: RuleSet, checks: Sequence[RuleCheck], valid_through: date
) -> list[dict[str, Any]]:
    """Return the checks with the texts of their rules, as JSON."""
    found = rule_responses(rules, checks, valid_through)
    shown: list[dict[str, Any]] = adapter_of(list[RuleResponse]).dump_python(found, mode="json")
    return shown
