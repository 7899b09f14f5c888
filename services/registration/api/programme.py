"""Routes of the programme (Program): announced and revised by a programme officer."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from services.registration.api import PUBLIC_READERS
from services.registration.domain.programme import AnnounceProgramme, ReviseTargets, programme
from shared.contracts.words import Year
from shared.http import Caller, RunningService, command, entity, query
from shared.kernel.answers import Answer
from shared.kernel.decider import Context

router = APIRouter(tags=["programme"])

Officer = Annotated[Context, command("programme-officer")]
ReadOfficer = Annotated[Context, command("programme-officer", if_match=True)]
Reader = Annotated[Caller, query(*PUBLIC_READERS)]
ProgrammeId = Annotated[Year, Path(alias="programme")]


@router.post("/programmes", status_code=201)
async def announce_programme(
    body: AnnounceProgramme, context: Officer, service: RunningService
) -> Answer:
    """Announce the programme of a fiscal year, with its first targets."""
    return await service.handle(programme, body.programme, body, context)


@router.put("/programmes/{programme}/targets")
async def revise_targets(
    id: ProgrammeId, body: ReviseTargets, context: ReadOfficer, service: RunningService
) -> Answer:
    """Replace all targets, with the reason and the document that says so."""
    return await service.handle(programme, id, body, context)


@router.get("/programmes/{programme}")
async def get_programme(
    id: ProgrammeId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """A programme with its targets as they stand."""
    return entity(response, await service.get(programme, id))
