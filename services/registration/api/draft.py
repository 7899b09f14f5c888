"""Routes of the draft (Konsep Permohonan): save it, read it, submit it, discard it.

They are for its enterprise alone. `POST …/eligibility-check` checks what the draft says.
"""

from typing import Annotated, Any

from fastapi import Path, Response

from services.registration.api.facts import load_enterprise, load_exhibition, submission_facts
from services.registration.domain.application.decider import application
from services.registration.domain.application.submission import SubmitDraft
from services.registration.domain.draft import (
    DiscardDraft,
    DraftFacts,
    SaveDraft,
    draft,
    save_draft,
    submit_draft,
)
from services.registration.domain.exhibition.state import Exhibition
from shared.contracts.ids import application_id, enterprise_of
from shared.contracts.words import Id, PairId
from shared.http import Caller, RunningService, command, entity, only_own, query, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound
from shared.service import Service

router = routes("draft")

Applicant = Annotated[Context, command("enterprise")]
Owner = Annotated[Caller, query("enterprise")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
DraftId = Annotated[PairId, Path(alias="draft")]


@router.post("/exhibitions/{exhibition}/draft")
async def save_draft_of(
    id: ExhibitionId, body: SaveDraft, context: Applicant, service: RunningService
) -> Answer:
    """Save any part of your application while the call is open; only you read it."""
    only_own(context, body.enterprise)

    async def facts() -> Exhibition:
        await load_enterprise(service, body.enterprise)
        return await load_exhibition(service, id)

    of = application_id(id, body.enterprise)
    return await service.handle(draft, of, body, context, rule=save_draft, facts=facts)


@router.get("/drafts/{draft}")
async def get_draft(
    id: DraftId, response: Response, owner: Owner, service: RunningService
) -> dict[str, Any]:
    """Return your draft."""
    only_own(owner, enterprise_of(id))
    found = await service.get(draft, id)
    if found.state is None or found.state.content is None:
        raise NotFound("draft", id)
    return entity(response, found)


@router.post("/exhibitions/{exhibition}/draft-discarding")
async def discard_draft(
    id: ExhibitionId, body: DiscardDraft, context: Applicant, service: RunningService
) -> Answer:
    """Discard your draft."""
    only_own(context, body.enterprise)
    return await service.handle(draft, application_id(id, body.enterprise), body, context)


@router.post("/exhibitions/{exhibition}/draft-submission", status_code=201)
async def submit_draft_of(
    id: ExhibitionId, body: SubmitDraft, context: Applicant, service: RunningService
) -> Answer:
    """Submit your draft as it was saved; it is gone afterwards."""
    only_own(context, body.enterprise)
    of = application_id(id, body.enterprise)
    answer = await service.handle(
        application,
        of,
        body,
        context,
        rule=submit_draft,
        facts=lambda: _draft_facts(service, id, body.enterprise),
    )
    # If the process dies here, the draft goes when its call closes.
    await service.handle(draft, of, DiscardDraft(enterprise=body.enterprise), context)
    return answer


async def _draft_facts(service: Service, exhibition: str, enterprise: str) -> DraftFacts:
    state = await service.load(draft, application_id(exhibition, enterprise))
    return DraftFacts(
        submission=await submission_facts(service, exhibition, enterprise),
        content=state.content if state else None,
    )
