"""Routes of the rubric (Instrumen Penilaian): an officer publishes it, all readers read it."""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.selection.api import READERS
from services.selection.domain.rubric.decider import PublishRubric, rubric
from shared.contracts.words import Id
from shared.http import After, Caller, Limit, RunningService, command, entity, page, query, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context

router = routes("rubric")

Officer = Annotated[Context, command("selection-officer")]
Reader = Annotated[Caller, query(*READERS, "enterprise")]


@router.post("/rubrics", status_code=201)
async def publish_rubric(body: PublishRubric, context: Officer, service: RunningService) -> Answer:
    """Publish a rubric under the id of your choice; it never changes."""
    await service.check_key(rubric, body.rubric, body, context)
    return await service.handle(rubric, body.rubric, body, context)


@router.get("/rubrics")
async def list_rubrics(
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List the published rubrics with their criteria and thresholds, in order of id."""
    return page(request, await service.find(rubric, after=after, limit=limit), limit)


@router.get("/rubrics/{rubric}")
async def get_rubric(
    id: Annotated[Id, Path(alias="rubric")],
    response: Response,
    reader: Reader,
    service: RunningService,
) -> dict[str, Any]:
    """Return the criteria with their weights and levels, and the thresholds."""
    return entity(response, await service.get(rubric, id))
