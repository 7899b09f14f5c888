"""Routes of the rule set (Perangkat Aturan): an officer publishes it, all readers read it."""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.registration.api import PUBLIC_READERS
from services.registration.domain.rule_set.decider import PublishRuleSet, RetireRuleSet, rule_set
from shared.contracts.words import Id
from shared.http import (
    Caller,
    RunningService,
    command,
    entity,
    part_page,
    query,
    routes,
    sorted_by,
)
from shared.kernel.answers import Answer, Listing
from shared.kernel.decider import Context

router = routes("rule-set")

Officer = Annotated[Context, command("programme-officer")]
Reader = Annotated[Caller, query(*PUBLIC_READERS)]
RuleSets = Annotated[Listing, sorted_by("in_force_from")]
RuleSetId = Annotated[Id, Path(alias="rule_set")]


@router.post("/rule-sets", status_code=201)
async def publish_rule_set(
    body: PublishRuleSet, context: Officer, service: RunningService
) -> Answer:
    """Publish a rule set under the id of your choice; it never changes."""
    await service.check_key(rule_set, body.rule_set, body, context)
    return await service.handle(rule_set, body.rule_set, body, context)


@router.post("/rule-sets/{rule_set}/retirement")
async def retire_rule_set(
    id: RuleSetId, body: RetireRuleSet, context: Officer, service: RunningService
) -> Answer:
    """Retire a rule set: no further call can name it; a call that has named it keeps it."""
    return await service.handle(rule_set, id, body, context)


@router.get("/rule-sets")
async def list_rule_sets(
    request: Request,
    reader: Reader,
    service: RunningService,
    listing: RuleSets,
) -> dict[str, Any]:
    """List the rule sets with all their rules."""
    part = await service.find_part(rule_set, listing)
    return part_page(request, part.items, part)


@router.get("/rule-sets/{rule_set}")
async def get_rule_set(
    id: RuleSetId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return the rules with their texts and conditions, and the size classes of the law."""
    return entity(response, await service.get(rule_set, id))
