"""Routes of the floor plan (Denah Stan): the booths of an exhibition and who stands in them.

Reactions list the participants and remove them (`services.registration.reactions`).
"""

from typing import Annotated, Any

from fastapi import Path, Request

from services.registration.api import knows_names
from services.registration.api.facts import load_exhibition
from services.registration.domain import floor_plan as booths
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.floor_plan import (
    AssignBooths,
    FloorPlan,
    FloorPlanFacts,
    TakeBackBooths,
    floor_plan,
)
from services.registration.responses.floor_plan import BoothResponse
from shared.contracts.ids import application_id
from shared.contracts.words import Id
from shared.http import After, Caller, Limit, RunningService, command, page, query, routes
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.service import Service

router = routes("floor-plan")

Planner = Annotated[Context, command("programme-officer")]
Reader = Annotated[
    Caller, query("programme-officer", "verification-officer", "reporting-officer", "auditor")
]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


@router.post("/exhibitions/{exhibition}/booths")
async def assign_booths(
    id: ExhibitionId, body: AssignBooths, context: Planner, service: RunningService
) -> Answer:
    """Give participants their booths, all of these or none; also to change or swap booths."""
    return await service.handle(
        floor_plan,
        id,
        body,
        context,
        rule=booths.assign_booths,
        facts=lambda: floor_plan_facts(service, id),
    )


@router.post("/exhibitions/{exhibition}/booth-return")
async def take_back_booths(
    id: ExhibitionId, body: TakeBackBooths, context: Planner, service: RunningService
) -> Answer:
    """Take booths back; these participants keep their places."""
    return await service.handle(
        floor_plan,
        id,
        body,
        context,
        rule=booths.take_back_booths,
        facts=lambda: floor_plan_facts(service, id),
    )


@router.get("/exhibitions/{exhibition}/booths")
async def list_booths(
    id: ExhibitionId,
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List the participants in order of id, each with its booth or null."""
    plan = await load_floor_plan(service, id)
    following = [each for each in sorted(plan.state.booths) if application_id(id, each) > after]
    items = []
    for each in following[:limit]:
        applicant = await service.load(enterprise, each)
        name = applicant.name if applicant and knows_names(reader) else None
        shown = BoothResponse(enterprise=each, name=name, booth=plan.state.booths[each])
        items.append(Found(id=application_id(id, each), version=plan.version, state=shown))
    return page(request, items, limit)


async def load_floor_plan(service: Service, id: str) -> Found[FloorPlan]:
    """Return the floor plan of an exhibition, perhaps without participants; raises `NotFound`."""
    held = await load_exhibition(service, id)
    found = await service.find(floor_plan, exhibition=id, limit=1)
    state = found[0].state if found else None
    empty = FloorPlan(exhibition=id, programme=held.programme, scope=held.scope)
    return Found(id=id, version=found[0].version if found else 0, state=state or empty)


async def floor_plan_facts(service: Service, exhibition: str) -> FloorPlanFacts:
    """Return the exhibition, whose booths never change once it is planned; raises `NotFound`."""
    return FloorPlanFacts(exhibition=await load_exhibition(service, exhibition))
