"""Routes of the candidate: curators declare conflicts and score; readers list and read.

Officers assign curators (`services.selection.api.assignments`). Reactions enter, seal, unseal,
withdraw and end a candidate (`services.selection.reactions`); `services.selection.responses`
decides which fields a reader sees.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response

from services.selection import queries
from services.selection.api.facts import panel_facts, sheet_facts
from services.selection.api.late_conflicts import declare_late_conflict, is_sealed
from services.selection.domain.candidate import conflicts, score_sheets
from services.selection.domain.candidate.conflicts import DeclareConflict
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.score_sheets import (
    ModerateScores,
    RetractScoreSheet,
    SubmitScoreSheet,
)
from services.selection.domain.candidate.state import Progress, Status
from shared.contracts.selection.candidate import Curator as CuratorName
from shared.contracts.words import Id, PairId
from shared.http import (
    After,
    Caller,
    Limit,
    RunningService,
    command,
    entity,
    page,
    query,
    routes,
)
from shared.kernel.answers import Answer
from shared.kernel.decider import Context

router = routes("candidate")

Curator = Annotated[Context, command("curator")]
Reader = Annotated[Caller, query("curator", "selection-officer", "approver", "auditor")]
CandidateId = Annotated[PairId, Path(alias="candidate")]


@dataclass(frozen=True, kw_only=True)
class CandidateFilter:
    """The values that listed candidates have.

    `curator`: this curator is assigned; `awaited`: the sheet of this curator is missing.
    """

    exhibition: Id | None = None
    status: Status | None = None
    progress: Progress | None = None
    curators: Annotated[CuratorName | None, Query(alias="curator")] = None
    awaited: CuratorName | None = None


@router.post("/candidates/{candidate}/conflicts")
async def declare_conflict(
    id: CandidateId, body: DeclareConflict, context: Curator, service: RunningService
) -> Answer:
    """Declare your own conflict of interest; you then neither see nor score this candidate.

    Once the sheets are sealed, it voids the proposal and opens the round again.
    """
    if await is_sealed(service, id):
        return await declare_late_conflict(service, id, body, context)
    return await service.handle(
        candidate,
        id,
        body,
        context,
        rule=conflicts.declare_conflict,
        facts=lambda: panel_facts(service, id, context),
    )


@router.post("/candidates/{candidate}/score-sheets")
async def submit_score_sheet(
    id: CandidateId, body: SubmitScoreSheet, context: Curator, service: RunningService
) -> Answer:
    """Submit your sheet: a level from 1 to 5 for every criterion of the round's rubric."""
    return await service.handle(
        candidate,
        id,
        body,
        context,
        rule=score_sheets.submit_score_sheet,
        facts=lambda: sheet_facts(service, id, context),
    )


@router.post("/candidates/{candidate}/score-sheets/retraction")
async def retract_score_sheet(
    id: CandidateId, body: RetractScoreSheet, context: Curator, service: RunningService
) -> Answer:
    """Take your own sheet back, as long as no closing has opened it."""
    return await service.handle(candidate, id, body, context)


@router.post("/candidates/{candidate}/score-sheets/moderation")
async def moderate_scores(
    id: CandidateId, body: ModerateScores, context: Curator, service: RunningService
) -> Answer:
    """Replace your opened sheet after a return; both are kept, and the new sheet counts."""
    return await service.handle(
        candidate,
        id,
        body,
        context,
        rule=score_sheets.moderate_scores,
        facts=lambda: sheet_facts(service, id, context),
    )


@router.get("/candidates")
async def find_candidates(
    request: Request,
    reader: Reader,
    service: RunningService,
    wanted: Annotated[CandidateFilter, Depends()],
    *,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List candidates in order of id; a curator gets those that it may see and score."""
    found = await queries.find_candidates(
        service, reader, after=after, limit=limit, equal=vars(wanted)
    )
    return page(request, found, limit)


@router.get("/candidates/{candidate}")
async def get_candidate(
    id: CandidateId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return a candidate, with its sheets and score only if they are open to you."""
    return entity(response, await queries.get_candidate(service, id, reader))
