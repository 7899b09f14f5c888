"""Routes of the round: panel, scoring, proposal, approval, decree, and seats taken by an officer.

Reactions open, list and cancel a round, and offer, confirm and take its seats
(`services.selection.reactions`); `services.selection.responses` decides which fields a reader sees.
"""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.selection import queries
from services.selection.api import READERS
from services.selection.api.facts import (
    next_ranking_of,
    panel_choice_facts,
    proposable_facts,
    proposed_facts,
    ranking_facts,
    scoring_facts,
)
from services.selection.api.inferring import record_inferred_conflicts
from services.selection.api.late_conflicts import record_late_conflicts
from services.selection.domain.ranking.decider import MakeRanking, make_ranking, ranking
from services.selection.domain.selection_round import panel, proposal, scoring_phase
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.decree import DecreeParticipants, RecordAmendment
from services.selection.domain.selection_round.officer_losses import (
    ApproveLoss,
    DeclineLoss,
    RequestLoss,
)
from services.selection.domain.selection_round.panel_form import PanelForm, hash_panel
from services.selection.domain.selection_round.proposal import (
    ApproveSelection,
    ProposeSelection,
    ReturnSelection,
)
from services.selection.domain.selection_round.scoring_phase import CloseScoring
from services.selection.domain.selection_round.state import Status
from services.selection.relations import relation_keys
from shared.contracts.words import Id, Scope, Year
from shared.http import After, Caller, Limit, RunningService, command, entity, page, query, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context

router = routes("round")

Officer = Annotated[Context, command("selection-officer")]
Approver = Annotated[Context, command("approver")]
Reader = Annotated[Caller, query(*READERS)]
Deciding = Annotated[Caller, query("selection-officer", "approver", "auditor")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


@router.post("/rounds/{exhibition}/panel")
async def appoint_panel(
    id: ExhibitionId, body: PanelForm, context: Officer, service: RunningService
) -> Answer:
    """Appoint the panel, or add curators to it: name all its curators.

    The conflicts of interest that their relations show are recorded at once.
    """
    if any(profile.relations is not None for profile in body.profiles):
        await service.keys.note()
    answer = await service.handle(
        selection_round,
        id,
        hash_panel(body, relation_keys(service)),
        context,
        rule=panel.appoint_panel,
        facts=lambda: panel_choice_facts(service, id, context),
    )
    await record_inferred_conflicts(service, id, context)
    return answer


@router.post("/rounds/{exhibition}/scoring-closure")
async def close_scoring(
    id: ExhibitionId, body: CloseScoring, context: Officer, service: RunningService
) -> Answer:
    """Close the scoring once all sheets are in, which seals them.

    The sheets of curators that are related to a candidate are set aside before.
    """
    await record_late_conflicts(service, id, context)
    await record_inferred_conflicts(service, id, context)
    return await service.handle(
        selection_round,
        id,
        body,
        context,
        rule=scoring_phase.close_scoring,
        facts=lambda: scoring_facts(service, id),
    )


@router.post("/rounds/{exhibition}/proposal")
async def propose_selection(
    id: ExhibitionId, body: ProposeSelection, context: Officer, service: RunningService
) -> Answer:
    """Propose the ranking of the sealed scores, which is made before if there is none yet."""
    ranked = await next_ranking_of(service, id)
    if ranked is not None and await service.load(ranking, ranked) is None:
        await service.handle(
            ranking,
            ranked,
            MakeRanking(),
            context,
            rule=make_ranking,
            facts=lambda: ranking_facts(service, id),
        )
    return await service.handle(
        selection_round,
        id,
        body,
        context,
        rule=proposal.propose_selection,
        facts=lambda: proposable_facts(service, id),
    )


@router.post("/rounds/{exhibition}/return")
async def return_selection(
    id: ExhibitionId, body: ReturnSelection, context: Approver, service: RunningService
) -> Answer:
    """Return the selection to scoring; you must neither have closed, scored nor proposed it."""
    return await service.handle(selection_round, id, body, context)


@router.post("/rounds/{exhibition}/approval")
async def approve_selection(
    id: ExhibitionId, body: ApproveSelection, context: Approver, service: RunningService
) -> Answer:
    """Approve the proposal with this digest; you must neither have scored nor proposed it.

    Where the call asks for a technical approval, the first one is that; another person gives the
    deputy's.
    """
    return await service.handle(
        selection_round,
        id,
        body,
        context,
        rule=proposal.approve_selection,
        facts=lambda: proposed_facts(service, id),
    )


@router.post("/rounds/{exhibition}/decree")
async def decree_participants(
    id: ExhibitionId, body: DecreeParticipants, context: Officer, service: RunningService
) -> Answer:
    """Record the signed decree: its annex lists the confirmed; no reserve is promoted any more."""
    return await service.handle(selection_round, id, body, context)


@router.post("/rounds/{exhibition}/amendments")
async def record_amendment(
    id: ExhibitionId, body: RecordAmendment, context: Officer, service: RunningService
) -> Answer:
    """Record the signed document of the amendments that await it."""
    return await service.handle(selection_round, id, body, context)


@router.post("/rounds/{exhibition}/losses")
async def request_loss(
    id: ExhibitionId, body: RequestLoss, context: Officer, service: RunningService
) -> Answer:
    """Request that a live seat is taken away, by a signed document; an approver decides."""
    return await service.handle(selection_round, id, body, context)


@router.post("/rounds/{exhibition}/losses/approval")
async def approve_loss(
    id: ExhibitionId, body: ApproveLoss, context: Approver, service: RunningService
) -> Answer:
    """Take the seat; until the decree the next reserve gets it, after it the annex is amended."""
    return await service.handle(selection_round, id, body, context)


@router.post("/rounds/{exhibition}/losses/decline")
async def decline_loss(
    id: ExhibitionId, body: DeclineLoss, context: Approver, service: RunningService
) -> Answer:
    """Leave the seat as it is."""
    return await service.handle(selection_round, id, body, context)


@router.get("/rounds")
async def list_rounds(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    programme: Year | None = None,
    scope: Scope | None = None,
    status: Status | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List rounds by their figures, in order of exhibition."""
    rounds = await queries.find_rounds(
        service, programme=programme, scope=scope, status=status, after=after, limit=limit
    )
    return page(request, rounds, limit)


@router.get("/rounds/{exhibition}")
async def get_round(
    id: ExhibitionId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return a round: terms and candidates, and once approved its seats, reserve and decree."""
    return entity(response, await queries.get_round(service, id, roles=reader.roles))


@router.get("/rounds/{exhibition}/missing-sheets")
async def find_missing_sheets(
    request: Request,
    id: ExhibitionId,
    reader: Deciding,
    service: RunningService,
    *,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List the candidates whose sheets are not all in, with the curators that are awaited."""
    rows = await queries.find_missing_sheets(service, id, reader, after=after, limit=limit)
    return page(request, rows, limit)


@router.get("/rounds/{exhibition}/annex")
async def get_annex(
    id: ExhibitionId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return the annex as it is now, and the digest that its decree or amendment must name."""
    return entity(response, await queries.get_annex(service, id))


@router.get("/rounds/{exhibition}/losses")
async def get_losses(
    id: ExhibitionId, response: Response, reader: Deciding, service: RunningService
) -> dict[str, Any]:
    """Return the losses that officers have requested, with their reasons and both people."""
    return entity(response, await queries.get_losses(service, id, reader))


@router.get("/rounds/{exhibition}/proposal")
async def get_proposal(
    id: ExhibitionId, response: Response, reader: Deciding, service: RunningService
) -> dict[str, Any]:
    """Return the proposal with its digest and scores; to an auditor only after the approval."""
    return entity(response, await queries.get_proposal(service, id, reader))
