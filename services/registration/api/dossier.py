"""Routes of the dossier: the papers of an application, for those who judge it.

Registration does not know which curators judge an application, nor who has declared a conflict
with it, and no topic carries it. So each reader but a verification officer brings a pass of
selection (`Dossier-Pass`), which selection gives to those without a conflict: curators, approvers
and auditors. A token with one of these roles needs the pass whatever other roles it has. Each
reading is recorded before it is answered; auditors read the readings. The panel of a round, its
officers and approvers read the names of all candidates with a pass to the exhibition.
"""

from bisect import bisect_right
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Header, Path, Request, Response

from services.registration.api.document import send_file
from services.registration.api.facts import load_enterprise
from services.registration.api.file import send_photograph
from services.registration.domain.application.decider import application
from services.registration.domain.application.state import Application, Status
from services.registration.domain.document.decider import ReadDocument, document
from services.registration.domain.dossier import ReadDossier, dossier
from services.registration.domain.enterprise.decider import enterprise
from services.registration.responses.application import CandidateNameResponse, dossier_response
from services.registration.views import rounds
from shared.contracts.ids import application_id
from shared.contracts.words import Id, PairId
from shared.http import (
    After,
    Caller,
    Limit,
    Role,
    RunningService,
    configured,
    dossier_pass,
    entity,
    page,
    query,
    recorded_query,
    routes,
)
from shared.http.dossier_pass import Pass
from shared.kernel.answers import Found
from shared.kernel.decider import Context
from shared.kernel.errors import Forbidden, NotFound
from shared.kernel.four_eyes import require_another_enterprise
from shared.service import Service
from shared.settings import Settings

router = routes("dossier")

WITH_PASS = (Role.CURATOR, Role.APPROVER, Role.AUDITOR)
"""The roles that need a pass, whatever other roles a token has: they may have a conflict."""

Reading = Annotated[
    Context, recorded_query("curator", "approver", "verification-officer", "auditor")
]
Auditor = Annotated[Caller, query("auditor")]
NamesReader = Annotated[Caller, query("curator", "approver", "selection-officer")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
ApplicationId = Annotated[PairId, Path(alias="application")]


class GivenPass(NamedTuple):
    """The pass that a reader has sent (None: no pass), and the settings that check it."""

    text: str | None
    settings: Settings

    def check(self, id: str, reader: str, *, source: str) -> Pass:
        """Return the pass to `id`; `source` is the route of selection that gives it.

        Raises `Forbidden`, `DossierKeyMissing`.
        """
        if self.text is None:
            raise Forbidden(
                "pass-missing",
                f"You need a pass for this: get it from selection (POST {source}), and send it in "
                "the header Dossier-Pass.",
            )
        key = dossier_pass.key_of(self.settings)
        now = datetime.now(UTC)
        return dossier_pass.check(key, self.text, reader=reader, application=id, now=now)


async def given_pass(
    settings: Annotated[Settings, configured()],
    text: Annotated[
        str | None,
        Header(
            alias="Dossier-Pass",
            description="The pass of selection: curators, approvers and auditors need it.",
        ),
    ] = None,
) -> GivenPass:
    """Return the pass of the request."""
    return GivenPass(text, settings)


@router.get("/applications/{application}/dossier")
async def read_dossier(
    id: ApplicationId,
    response: Response,
    reading: Reading,
    service: RunningService,
    given: Annotated[GivenPass, Depends(given_pass)],
) -> dict[str, Any]:
    """Return the dossier of an application: products, capacity, documents without their numbers."""
    role, admitted = _admitted(id, reading, given)
    found = await service.get(application, id)
    if found.state is None:
        raise NotFound("application", id)
    require_another_enterprise(found.state.enterprise, reading)
    applicant = await service.load(enterprise, found.state.enterprise)
    if applicant is None:
        raise NotFound("enterprise", found.state.enterprise)
    shown = dossier_response(found.state, applicant, sees_names=admitted.names)
    await service.handle(dossier, id, ReadDossier(role=role, pass_id=admitted.id), reading)
    return entity(response, Found(id=id, version=found.version, state=shown))


@router.get("/applications/{application}/dossier/documents/{document}/file")
async def read_dossier_file(
    id: ApplicationId,
    frozen: Annotated[Id, Path(alias="document")],
    reading: Reading,
    service: RunningService,
    given: Annotated[GivenPass, Depends(given_pass)],
) -> Response:
    """Download the file of a document that the application froze; the reading is recorded."""
    role, admitted = _admitted(id, reading, given)
    if not admitted.names:
        raise Forbidden(
            "names-hidden",
            "The rubric of this round hides names while curators score, and this paper carries "
            "one: you can read it once the scoring is closed.",
        )
    found = await service.load(application, id)
    if found is None:
        raise NotFound("application", id)
    require_another_enterprise(found.enterprise, reading)
    state = await service.load(document, frozen)
    if state is None or frozen not in {each.document for each in found.files}:
        raise NotFound("file of document", frozen)
    return await send_file(service, frozen, state, ReadDocument(role=role, application=id), reading)


@router.get("/applications/{application}/dossier/photographs/{file}")
async def read_dossier_photograph(
    id: ApplicationId,
    file: Id,
    reading: Reading,
    service: RunningService,
    given: Annotated[GivenPass, Depends(given_pass)],
) -> Response:
    """Return a photograph of a product of the applicant; it is recorded as one of the dossier."""
    role, admitted = _admitted(id, reading, given)
    found = await service.load(application, id)
    if found is None:
        raise NotFound("application", id)
    require_another_enterprise(found.enterprise, reading)
    if not admitted.names and file not in found.nameless_photographs:
        raise Forbidden(
            "names-hidden",
            "The rubric of this round hides names while curators score, and no officer has found "
            "this photograph to be without one: you can see it once the scoring is closed.",
        )
    answer = await send_photograph(service, await load_enterprise(service, found.enterprise), file)
    await service.handle(dossier, id, ReadDossier(role=role, pass_id=admitted.id), reading)
    return answer


@router.get("/applications/{application}/dossier/readings")
async def list_readings(
    id: ApplicationId, response: Response, reader: Auditor, service: RunningService
) -> dict[str, Any]:
    """Return the readers of a dossier, with role, times and number of readings."""
    return entity(response, await service.get(dossier, id))


@router.get("/exhibitions/{exhibition}/candidate-names")
async def list_candidate_names(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    id: ExhibitionId,
    reader: NamesReader,
    service: RunningService,
    given: Annotated[GivenPass, Depends(given_pass)],
    *,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List the names of all candidates, also of those that have ended, for those who judge them.

    Until the candidates are listed they are the applicants that are eligible so far.
    """
    given.check(id, reader.actor, source=f"/rounds/{id}/names-pass")
    candidates = await _candidates(service, id, after=after, limit=limit)
    return page(request, [await _named(service, each) for each in candidates], limit)


async def _candidates(
    service: Service, exhibition: str, *, after: str, limit: int
) -> list[Found[Application]]:
    """Return applications of candidates, in order of id."""
    selection_round = await service.load(rounds, exhibition)
    if selection_round is None or not selection_round.listed:
        found = await service.find(
            application, after=after, limit=limit, exhibition=exhibition, status=Status.ELIGIBLE
        )
    else:
        ids = sorted(application_id(exhibition, each) for each in selection_round.listed)
        first = bisect_right(ids, after)
        found = [await service.get(application, id) for id in ids[first : first + limit]]
    return [_submitted(each) for each in found]


def _submitted(found: Found[Application | None]) -> Found[Application]:
    assert found.state is not None, "an application is stored with its submission"
    return Found(id=found.id, version=found.version, state=found.state)


async def _named(service: Service, found: Found[Application]) -> Found[CandidateNameResponse]:
    applicant = await service.load(enterprise, found.state.enterprise)
    assert applicant is not None, "an enterprise that has applied is registered"
    state = CandidateNameResponse(enterprise=found.state.enterprise, name=applicant.name)
    return Found(id=found.id, version=found.version, state=state)


def _admitted(id: str, reading: Context, given: GivenPass) -> tuple[str, Pass]:
    """Return the role of this reading and its pass. Raises `Forbidden`."""
    for role in WITH_PASS:
        if role in reading.roles:
            source = f"/candidates/{id}/dossier-pass"
            return role, given.check(id, reading.actor, source=source)
    return Role.VERIFICATION_OFFICER, Pass(id="", names=True)
