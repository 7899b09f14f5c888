"""Routes of the candidate: officers assign curators; curators declare conflicts and score.

Reactions enter, seal, unseal and withdraw a candidate (`services.selection.reactions`);
`services.selection.responses` decides which fields a reader sees.
"""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.selection import queries
from services.selection.api.facts import panel_facts, sheet_facts
from services.selection.domain.candidate import score_sheets
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.score_sheets import (
    AssignCurator,
    DeclareConflict,
    RetractScoreSheet,
    SubmitScoreSheet,
)
from shared.contracts.words import Id, PairId
from shared.http import After, Caller, Limit, RunningService, command, entity, page, query, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context

router = routes("candidate")

Officer = Annotated[Context, command("selection-officer")]
Curator = Annotated[Context, command("curator")]
Reader = Annotated[Caller, query("curator", "selection-officer", "approver", "auditor")]
CandidateId = Annotated[PairId, Path(alias="candidate")]


@router.post("/candidates/{candidate}/assignments")
async def assign_curator(
    id: CandidateId, body: AssignCurator, context: Officer, service: RunningService
) -> Answer:
    """Assign a curator of the round's panel."""
    return await service.handle(
        candidate,
        id,
        body,
        context,
        rule=score_sheets.assign_curator,
        facts=lambda: panel_facts(service, id),
    )


@router.post("/candidates/{candidate}/conflicts")
async def declare_conflict(
    id: CandidateId, body: DeclareConflict, context: Curator, service: RunningService
) -> Answer:
    """Declare your own conflict of interest; you then neither see nor score this candidate."""
    return await service.handle(
        candidate,
        id,
        body,
        context,
        rule=score_sheets.declare_conflict,
        facts=lambda: panel_facts(service, id),
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
        facts=lambda: sheet_facts(service, id),
    )


@router.post("/candidates/{candidate}/score-sheets/retraction")
async def retract_score_sheet(
    id: CandidateId, body: RetractScoreSheet, context: Curator, service: RunningService
) -> Answer:
    """Take your own sheet back, as long as the scoring is not closed."""
    return await service.handle(candidate, id, body, context)


@router.get("/candidates")
async def find_candidates(
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    exhibition: Id | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List candidates in order of id; a curator gets those that it may see and score."""
    candidates = await queries.find_candidates(
        service, exhibition, actor=reader.actor, roles=reader.roles, after=after, limit=limit
    )
    return page(request, candidates, limit)


@router.get("/candidates/{candidate}")
async def get_candidate(
    id: CandidateId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return a candidate, with its sheets and score only if they are open to you."""
    found = await queries.get_candidate(service, id, actor=reader.actor, roles=reader.roles)
    return entity(response, found)
