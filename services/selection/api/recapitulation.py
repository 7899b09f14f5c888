"""Routes of the recapitulation of scores: print it, and check the paper without a token.

It is printed once the selection is approved, for those who decide and for auditors; a person with
an interest in the selection does not read its scores.
"""

from typing import Annotated

from fastapi import Path, Request, Response

from services.selection import queries
from services.selection.domain.ranking.decider import ranking
from services.selection.domain.ranking.state import Ranking
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.judgement import Proposal
from services.selection.domain.selection_round.state import Round
from services.selection.responses.recapitulation import (
    RecapitulationCheck,
    recapitulation,
    recapitulation_check,
    recapitulation_page,
)
from services.selection.views.followed import exhibitions
from shared.contracts.printed_document import ROWS_MAX
from shared.contracts.words import Id
from shared.http import (
    Caller,
    RunningService,
    checked_paper,
    configured,
    paper_checks,
    pdf_response,
    query,
    routes,
)
from shared.kernel.errors import Forbidden, NotFound, Refused
from shared.printing import Reproduction, print_apart
from shared.printing.check_page import TypedDigest
from shared.service import Service
from shared.settings import Settings

router = routes("recapitulation")
checks = paper_checks("recapitulation")

Deciding = Annotated[Caller, query("selection-officer", "approver", "auditor")]
Configured = Annotated[Settings, configured()]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


@router.get("/rounds/{exhibition}/recapitulation", response_class=Response)
async def print_recapitulation(
    id: ExhibitionId, reader: Deciding, service: RunningService, settings: Configured
) -> Response:
    """Download the recapitulation of all scores as a PDF, once the selection is approved."""
    state, proposal, ranked = await _approved(service, id, reader)
    if settings.public_url is None:
        raise Refused(
            "no-public-address",
            "This service does not know the address at which a paper is checked, so it prints "
            "none: an operator sets KUKM_PUBLIC_URL.",
        )
    words = recapitulation(state, proposal, ranked, await _name_of(service, id))
    if words.rows > ROWS_MAX:
        raise Refused(
            "document-too-long",
            f"The recapitulation would have {words.rows} rows, and at most {ROWS_MAX} are printed: "
            "read the proposal instead (GET /rounds/{exhibition}/proposal).",
        )
    base = str(settings.public_url).rstrip("/")
    given = Reproduction(
        document=words,
        digest=proposal.digest,
        check_url=f"{base}/rounds/{id}/recapitulation-checks/{proposal.digest}",
    )
    return pdf_response(await print_apart(service.uploads.apart, given), proposal.ranking)


@checks.get(
    "/rounds/{exhibition}/recapitulation-checks/{digest:path}", response_model=RecapitulationCheck
)
async def check_recapitulation(
    id: ExhibitionId, digest: TypedDigest, request: Request, service: RunningService
) -> Response:
    """Return what the recapitulation with this digest is. It needs no token.

    A browser gets a page, everybody else JSON: figures alone, no scores and no applicants.
    """
    state = await service.load(selection_round, id)
    proposal = state.proposal if state and state.approved_on else None
    made = await service.load(ranking, proposal.ranking) if proposal else None
    if state is None or proposal is None or made is None or proposal.digest != digest:
        raise NotFound("recapitulation", "with this digest")
    answer = recapitulation_check(state, proposal, made, await _name_of(service, id))
    return checked_paper(request, answer, lambda: recapitulation_page(answer))


async def _name_of(service: Service, id: str) -> str:
    """Return the name of an exhibition; its id where none is known here."""
    held = await service.load(exhibitions, id)
    return held.name if held and held.name else id


async def _approved(service: Service, id: str, reader: Caller) -> tuple[Round, Proposal, Ranking]:
    """Return an approved selection. Raises `NotFound`, `Forbidden`."""
    state = (await service.get(selection_round, id, yet=True)).state
    if state is None or state.approved_on is None or state.proposal is None:
        raise Forbidden(
            "not-approved-yet",
            "The recapitulation is printed only after the selection has been approved.",
        )
    queries.require_no_interest(state, state.proposal.conflicts, reader)
    made = await service.load(ranking, state.proposal.ranking)
    if made is None:
        raise NotFound("ranking", state.proposal.ranking)
    return state, state.proposal, made
