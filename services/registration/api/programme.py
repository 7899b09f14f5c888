"""Routes of the programme (Program): a programme officer announces it and revises its targets."""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.registration.api import PUBLIC_READERS, WORD_READERS
from services.registration.domain.programme import (
    AnnounceProgramme,
    Programme,
    ReviseTargets,
    programme,
)
from services.registration.responses.programme import ProgrammeResponse, programme_response
from shared.contracts.words import Year
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

router = routes("programme")

Officer = Annotated[Context, command("programme-officer")]
OfficerWithVersion = Annotated[Context, command("programme-officer", if_match=True)]
"""A programme officer that names the version of the targets that it has read (If-Match)."""
Reader = Annotated[Caller, query(*PUBLIC_READERS)]
Programmes = Annotated[Listing, sorted_by()]
ProgrammeId = Annotated[Year, Path(alias="programme")]


@router.post("/programmes", status_code=201)
async def announce_programme(
    body: AnnounceProgramme, context: Officer, service: RunningService
) -> Answer:
    """Announce the programme of a fiscal year, with its first targets."""
    await service.check_key(programme, body.programme, body, context)
    return await service.handle(programme, body.programme, body, context)


@router.put("/programmes/{programme}/targets")
async def revise_targets(
    id: ProgrammeId, body: ReviseTargets, context: OfficerWithVersion, service: RunningService
) -> Answer:
    """Replace all targets, with the reason and the document behind the change."""
    return await service.handle(programme, id, body, context)


@router.get("/programmes")
async def list_programmes(
    request: Request,
    reader: Reader,
    service: RunningService,
    listing: Programmes,
) -> dict[str, Any]:
    """List the programmes in order of their years."""
    part = await service.find_part(programme, listing)
    return part_page(request, [_shown(reader, each) for each in part.items], part)


@router.get("/programmes/{programme}")
async def get_programme(
    id: ProgrammeId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return a programme with its present targets, and every version of them."""
    return entity(response, _shown(reader, await service.get(programme, id)))


def _shown(reader: Caller, found: Found[Programme | None]) -> Found[ProgrammeResponse]:
    if found.state is None:
        raise NotFound("programme", found.id)
    shown = programme_response(found.state, sees_words=bool(WORD_READERS & reader.roles))
    return Found(id=found.id, version=found.version, state=shown)
