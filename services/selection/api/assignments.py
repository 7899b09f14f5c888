"""Routes of the assignments: officers assign curators to candidates, one by one or many at once.

The call for many is a command on each of its candidates (`shared.http.many`).
"""

from collections.abc import Awaitable, Callable, Sequence
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
from shared.http import Results, RunningService, command, decide_each, require_distinct, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context, Refused
from shared.service import Service

router = routes("candidate")

Officer = Annotated[Context, command("selection-officer")]
CandidateId = Annotated[PairId, Path(alias="candidate")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
AssignmentRule = Callable[
    [AssignCurators, PanelFacts, Candidate | None, Context], Sequence[CandidateEvent]
]


@dataclass(frozen=True, kw_only=True)
class CandidateCurators:
    """A candidate, and the curators that are to score it."""

    application: PairId
    curators: Annotated[tuple[Curator, ...], Field(min_length=1, max_length=50)]


@dataclass(frozen=True, kw_only=True)
class AssignmentPlan:
    """The curators of many candidates of a round."""

    assignments: Annotated[tuple[CandidateCurators, ...], Field(min_length=1, max_length=200)]


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
) -> Results:
    """Assign curators to many candidates; each candidate is assigned or refused by itself."""
    require_distinct((item.application for item in body.assignments), "candidate-repeated")
    return await assign_each(service, id, body.assignments, context)


async def assign_each(
    service: Service,
    exhibition: str,
    plan: Sequence[CandidateCurators],
    context: Context,
    *,
    rule: AssignmentRule = assignments.assign_curators,
) -> Results:
    """Assign the curators of each candidate of a plan by this rule, or say why not."""
    # The panel only grows, so what was loaded is still true when each candidate is decided.
    panel = await panel_of(service, exhibition, context)

    async def known() -> PanelFacts:
        return panel

    def assign(position: int) -> Awaitable[Answer]:
        item = plan[position]
        _require_of(exhibition, item.application)
        return service.handle(
            candidate,
            item.application,
            AssignCurators(curators=item.curators),
            context,
            rule=rule,
            facts=known,
        )

    return await decide_each([item.application for item in plan], assign)


def _require_of(exhibition: str, application: str) -> None:
    if exhibition_of(application) != exhibition:
        raise Refused(
            "another-exhibition",
            f"{application} is no candidate of {exhibition}: assign it in its own round.",
        )
