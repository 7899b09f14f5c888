"""Routes of the passes: with a pass a reader of a candidate reads its dossier in registration.

Curators are private to selection and dossiers belong to registration, so selection signs a pass of
ten minutes (`shared.http.dossier_pass`). A second pass is to the names of all candidates of a
round: the members of its panel notice their conflicts by them before they are assigned, and
approvers read whom they approve. A selection officer reads them once the selection is approved,
because it has the decree signed: until then it assigns curators without knowing names. Where the
rubric hides names, a curator gets no pass to them, and one to a dossier without them, until the
scoring is closed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Path, Response

from services.selection import queries
from services.selection.api.facts import opened_round
from services.selection.domain.rubric.decider import rubric
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.ids import exhibition_of
from shared.contracts.words import Id, PairId
from shared.http import Caller, Role, RunningService, configured, dossier_pass, query, routes
from shared.kernel.errors import Forbidden
from shared.service import Service
from shared.settings import Settings

router = routes("pass")

Judge = Annotated[Caller, query("curator", "approver", "auditor")]
NamesReader = Annotated[Caller, query("curator", "approver", "selection-officer")]
ProcessSettings = Annotated[Settings, configured()]

NAMED = (Status.APPROVED, Status.DECREED)
"""The phases in which a selection officer has the decree and its amendments signed."""


@dataclass(frozen=True, kw_only=True)
class PassResponse:
    """A pass to an application or exhibition (`id`), and the time until which it is valid."""

    id: str
    token: str
    expires_at: datetime


@router.post("/candidates/{candidate}/dossier-pass")
async def issue_dossier_pass(
    id: Annotated[PairId, Path(alias="candidate")],
    response: Response,
    reader: Judge,
    service: RunningService,
    settings: ProcessSettings,
) -> PassResponse:
    """Issue a pass by which you can read the candidate's dossier in registration."""
    key = dossier_pass.key_of(settings)
    await queries.get_candidate(service, id, reader)
    hidden = await _names_are_hidden(service, exhibition_of(id), reader)
    return _issued(key, id, reader, response, names=not hidden)


@router.post("/rounds/{exhibition}/names-pass")
async def issue_names_pass(
    id: Annotated[Id, Path(alias="exhibition")],
    response: Response,
    reader: NamesReader,
    service: RunningService,
    settings: ProcessSettings,
) -> PassResponse:
    """Issue a pass to the candidates' names; to a selection officer only after the approval."""
    key = dossier_pass.key_of(settings)
    _require_names_reader(await opened_round(service, id), reader)
    if await _names_are_hidden(service, id, reader):
        raise Forbidden(
            "names-hidden",
            "The rubric of this round hides the names of the candidates from its curators until "
            "the scoring is closed.",
        )
    return _issued(key, id, reader, response, names=True)


async def _names_are_hidden(service: Service, exhibition: str, reader: Caller) -> bool:
    """Return True if the rubric hides names from this reader now: a curator, whatever else."""
    if Role.CURATOR not in reader.roles:
        return False
    state = await service.load(selection_round, exhibition)
    if state is None or state.status is not Status.OPEN:
        return False
    published = await service.load(rubric, state.rubric)
    return published is not None and published.hides_names


def _require_names_reader(state: Round, reader: Caller) -> None:
    on_panel = Role.CURATOR in reader.roles and reader.actor in state.panel
    if on_panel or Role.APPROVER in reader.roles:
        return
    if Role.SELECTION_OFFICER not in reader.roles:
        raise Forbidden(
            "not-on-panel",
            "You are not on the panel of this round: ask the selection officer to appoint you.",
        )
    if state.status not in NAMED:
        raise Forbidden(
            "not-approved-yet",
            f"The round is {state.status}: a selection officer reads the names of the candidates "
            f"once the selection is {Status.APPROVED}, to have its decree signed.",
        )


def _issued(key: str, id: str, reader: Caller, response: Response, *, names: bool) -> PassResponse:
    now = dossier_pass.wall_clock()
    token = dossier_pass.issue(key, reader=reader.actor, application=id, now=now, names=names)
    response.headers["Cache-Control"] = "no-store"
    expires_at = now + timedelta(seconds=dossier_pass.VALID_SECONDS)
    return PassResponse(id=id, token=token, expires_at=expires_at)
