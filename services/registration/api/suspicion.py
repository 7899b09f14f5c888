"""Routes of suspicions (Dugaan Ganda): officers search, compare the parties, and give verdicts."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response
from pydantic import Field

from services.registration.api.duplicates import suspect_alike
from services.registration.api.enterprise import identifier_keys
from services.registration.domain.enterprise.decider import enterprise as enterprises
from services.registration.domain.suspicion import verdicts
from services.registration.domain.suspicion.decider import LIKENESS, suspicion
from services.registration.domain.suspicion.state import Status, Suspicion
from services.registration.domain.suspicion.verdicts import (
    ConfirmDuplicate,
    DismissDuplicate,
    VerdictFacts,
)
from services.registration.responses.suspicion import SuspicionResponse, suspicion_response
from shared.contracts.registration.suspicion import SuspicionGround
from shared.contracts.words import Id, PairId
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
from shared.kernel.answers import Answer, Found, Listing
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound
from shared.kernel.keys import HashKeys
from shared.service import Service

router = routes("suspicion")

Officer = Annotated[Context, command("verification-officer")]
Reader = Annotated[Caller, query("verification-officer", "auditor")]
Suspicions = Annotated[Listing, sorted_by(likeness=LIKENESS)]
SuspicionId = Annotated[PairId, Path(alias="suspicion")]


@dataclass(frozen=True, kw_only=True)
class SearchDuplicates:
    """Compare so many enterprises, those after this id, with all others."""

    after_enterprise: Id | None = None
    enterprises: Annotated[int, Field(ge=1, le=100)] = 100


@router.post("/suspicions/search")
async def search_duplicates(
    body: SearchDuplicates,
    context: Officer,
    service: RunningService,
    keys: Annotated[HashKeys, Depends(identifier_keys)],
) -> dict[str, Any]:
    """Compare enterprises with all others, and record the pairs that are alike and new.

    Send `next` as `after_enterprise` until it is null. A registration and a revision search by
    themselves; this finds what a process left undone that died.
    """
    after = body.after_enterprise or ""
    found = await service.find(enterprises, after=after, limit=body.enterprises)
    recorded = [await suspect_alike(service, each.id, keys, context) for each in found]
    return {
        "compared": len(found),
        "suspicions": sorted({id for ids in recorded for id in ids}),
        "next": found[-1].id if len(found) == body.enterprises else None,
    }


@router.post("/suspicions/{suspicion}/confirmation")
async def confirm_duplicate(
    id: SuspicionId, body: ConfirmDuplicate, context: Officer, service: RunningService
) -> Answer:
    """Find that both are one enterprise: from now on their histories and places count together."""
    return await service.handle(
        suspicion,
        id,
        body,
        context,
        rule=verdicts.confirm_duplicate,
        facts=lambda: verdict_facts(service, id),
    )


@router.post("/suspicions/{suspicion}/dismissal")
async def dismiss_duplicate(
    id: SuspicionId, body: DismissDuplicate, context: Officer, service: RunningService
) -> Answer:
    """Find that these are two enterprises; the pair is not asked about again."""
    return await service.handle(
        suspicion,
        id,
        body,
        context,
        rule=verdicts.dismiss_duplicate,
        facts=lambda: verdict_facts(service, id),
    )


@router.get("/suspicions")
async def list_suspicions(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    status: Status | None = None,
    ground: SuspicionGround | None = None,
    party: Id | None = None,
    listing: Suspicions,
) -> dict[str, Any]:
    """List suspicions, perhaps those of a party, each with both."""
    part = await service.find_part(suspicion, listing, status=status, ground=ground, parties=party)
    return part_page(request, [await _shown(service, each) for each in part.items], part)


@router.get("/suspicions/{suspicion}")
async def get_suspicion(
    id: SuspicionId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return a suspicion with its ground, both parties side by side, and the verdict."""
    return entity(response, await _shown(service, await service.get(suspicion, id)))


async def verdict_facts(service: Service, id: str) -> VerdictFacts:
    """Return the people of both parties."""
    state = await service.load(suspicion, id)
    if state is None:
        return VerdictFacts(declarers=frozenset())
    declarers = {state.attempt.registrar} if state.attempt else set[str]()
    for party in state.parties:
        profile = await service.load(enterprises, party)
        declarers |= set(profile.declarers()) if profile else set()
    return VerdictFacts(declarers=frozenset(declarers))


async def _shown(service: Service, found: Found[Suspicion | None]) -> Found[SuspicionResponse]:
    if found.state is None:
        raise NotFound("suspicion", found.id)
    profiles = [await service.load(enterprises, party) for party in found.state.parties]
    state = suspicion_response(found.state, tuple(profiles))
    return Found(id=found.id, version=found.version, state=state)
