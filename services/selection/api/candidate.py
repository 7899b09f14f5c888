"""Routes of the candidate: curators are assigned by an officer, declare conflicts, and score.

It is entered, sealed, unsealed and withdrawn by what happens elsewhere
(`services.selection.reactions`); who sees what of it is in `services.selection.responses`.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from services.selection.api.facts import panel_facts, sheet_facts
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.score_sheets import (
    AssignCurator,
    DeclareConflict,
    RetractScoreSheet,
    SubmitScoreSheet,
)
from services.selection.domain.candidate.state import Candidate
from services.selection.responses import (
    DECIDING,
    CandidateShown,
    candidate_shown,
    may_see_candidate,
)
from shared.contracts.words import Id, PairId
from shared.http import After, Caller, Limit, RunningService, command, entity, page, query
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import Forbidden, NotFound

router = APIRouter(tags=["candidate"])

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
        candidate, id, body, context, facts=lambda: panel_facts(service, id)
    )


@router.post("/candidates/{candidate}/conflicts")
async def declare_conflict(
    id: CandidateId, body: DeclareConflict, context: Curator, service: RunningService
) -> Answer:
    """Declare your own conflict of interest; you then neither see nor score this candidate."""
    return await service.handle(
        candidate, id, body, context, facts=lambda: panel_facts(service, id)
    )


@router.post("/candidates/{candidate}/score-sheets")
async def submit_score_sheet(
    id: CandidateId, body: SubmitScoreSheet, context: Curator, service: RunningService
) -> Answer:
    """Submit your sheet: a level from 1 to 5 for every criterion of the round's rubric."""
    return await service.handle(
        candidate, id, body, context, facts=lambda: sheet_facts(service, id)
    )


@router.post("/candidates/{candidate}/score-sheets/retraction")
async def retract_score_sheet(
    id: CandidateId, body: RetractScoreSheet, context: Curator, service: RunningService
) -> Answer:
    """Take your sheet back, as long as the scoring is not closed."""
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
    """Candidates in order of id; a curator gets those that it may see and score."""
    equal = {"exhibition": exhibition} if exhibition else {}
    if not reader.roles & DECIDING:
        equal["curators"] = reader.actor
    found = await service.find(candidate, after=after, limit=limit, **equal)
    return page(request, [_disclosed(one, reader) for one in found], limit)


@router.get("/candidates/{candidate}")
async def get_candidate(
    id: CandidateId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """A candidate; its sheets and score only where they are open to you."""
    found = await service.get(candidate, id)
    if found.state is not None and not may_see_candidate(found.state, reader):
        raise Forbidden("not-assigned", "A curator sees only candidates that it may score.")
    return entity(response, _disclosed(found, reader))


def _disclosed(found: Found[Candidate | None], reader: Caller) -> Found[CandidateShown]:
    if found.state is None:
        raise NotFound("candidate", found.id)
    state = candidate_shown(found.state, reader)
    return Found(id=found.id, version=found.version, state=state)
