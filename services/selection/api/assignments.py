"""Routes of the assignments: officers assign curators to candidates, one by one or many at once.

The call for many is a command on each of its candidates, with the caller's Idempotency-Key. Each of
them is decided by itself: the answer says for each candidate what happened, and a call that is sent
again does what is left.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path
from pydantic import Field

from services.selection.api.facts import panel_facts, panel_of
from services.selection.domain.candidate import assignments
from services.selection.domain.candidate.assignments import (
    AssignCurator,
    AssignCurators,
    PanelFacts,
    UnassignCurator,
)
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.state import Candidate
from shared.contracts.ids import exhibition_of
from shared.contracts.selection.candidate import CandidateEvent, Curator
from shared.contracts.words import Id, PairId
from shared.http import RunningService, command, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context, Refused
from shared.kernel.errors import Problem
from shared.service import Service

router = routes("candidate")

Officer = Annotated[Context, command("selection-officer")]
CandidateId = Annotated[PairId, Path(alias="candidate")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
AssignmentRule = Callable[
    [AssignCurators, PanelFacts, Candidate | None, Context], Sequence[CandidateEvent]
]
AT_ONCE = 16
"""So many candidates of a call are decided at once; the others of this process get their turn."""


@dataclass(frozen=True, kw_only=True)
class CandidateCurators:
    """A candidate, and the curators that are to score it."""

    application: PairId
    curators: Annotated[tuple[Curator, ...], Field(min_length=1, max_length=50)]


@dataclass(frozen=True, kw_only=True)
class AssignmentPlan:
    """The curators of many candidates of a round."""

    assignments: Annotated[tuple[CandidateCurators, ...], Field(min_length=1, max_length=200)]


@dataclass(frozen=True, kw_only=True)
class AssignmentResult:
    """The effect of a plan on a candidate: its version and events, or the code of a refusal.

    `status` is the HTTP status that the command alone would have had.
    """

    application: str
    status: int = 200
    version: int | None = None
    events: tuple[str, ...] = ()
    code: str | None = None
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class AssignmentResults:
    """The results in the order of the plan, and the number of those that were refused."""

    refused: int
    items: list[AssignmentResult]


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
        rule=assignments.assign_curator,
        facts=lambda: panel_facts(service, id, context),
    )


@router.post("/candidates/{candidate}/assignments/removal")
async def unassign_curator(
    id: CandidateId, body: UnassignCurator, context: Officer, service: RunningService
) -> Answer:
    """Unassign a curator whose sheet no closing has opened; a submitted sheet is set aside."""
    return await service.handle(
        candidate,
        id,
        body,
        context,
        rule=assignments.unassign_curator,
        facts=lambda: panel_facts(service, id, context),
    )


@router.post("/rounds/{exhibition}/assignments")
async def assign_curators(
    id: ExhibitionId, body: AssignmentPlan, context: Officer, service: RunningService
) -> AssignmentResults:
    """Assign curators to many candidates; each candidate is assigned or refused by itself."""
    counted = Counter(item.application for item in body.assignments)
    repeated = [application for application, count in counted.items() if count > 1]
    if repeated:
        raise Refused(
            "candidate-repeated", f"Name each candidate once: {repeated[0]} is named twice."
        )
    return await assign_each(service, id, body.assignments, context)


async def assign_each(
    service: Service,
    exhibition: str,
    plan: Sequence[CandidateCurators],
    context: Context,
    *,
    rule: AssignmentRule = assignments.assign_curators,
) -> AssignmentResults:
    """Assign the curators of each candidate of a plan by this rule, or say why not."""
    # The panel only grows, so what was loaded is still true when each candidate is decided.
    panel = await panel_of(service, exhibition, context)
    turns = asyncio.Semaphore(AT_ONCE)

    async def assigned(item: CandidateCurators) -> AssignmentResult:
        async with turns:
            return await _assigned(service, item, panel, context, exhibition=exhibition, rule=rule)

    results = await asyncio.gather(*map(assigned, plan))
    refused = sum(result.code is not None for result in results)
    return AssignmentResults(refused=refused, items=results)


async def _assigned(
    service: Service,
    item: CandidateCurators,
    panel: PanelFacts,
    context: Context,
    *,
    exhibition: str,
    rule: AssignmentRule,
) -> AssignmentResult:
    async def known() -> PanelFacts:
        return panel

    try:
        _require_of(exhibition, item.application)
        answer = await service.handle(
            candidate,
            item.application,
            AssignCurators(curators=item.curators),
            context,
            rule=rule,
            facts=known,
        )
    except Problem as problem:
        return AssignmentResult(
            application=item.application,
            status=problem.status,
            code=problem.code,
            detail=problem.sentence,
        )
    return AssignmentResult(
        application=item.application, version=answer.version, events=answer.events
    )


def _require_of(exhibition: str, application: str) -> None:
    if exhibition_of(application) != exhibition:
        raise Refused(
            "another-exhibition",
            f"{application} is no candidate of {exhibition}: assign it in its own round.",
        )
