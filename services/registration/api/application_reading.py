"""Routes that read applications (Permohonan), each with its result and its exhibition's status."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.registration.api import APPLICANT_READERS, sees_name, sees_private
from services.registration.api.duplicates import group_of
from services.registration.api.eligibility import shown_rules
from services.registration.api.facts import briefings_of, load_exhibition, verification_facts
from services.registration.domain.application.decider import PROGRAMME, application
from services.registration.domain.application.state import UNDECIDED, Application, Status
from services.registration.domain.application.verification import VerificationFacts, checks_of
from services.registration.domain.briefing.state import is_coming
from services.registration.domain.enterprise.decider import enterprise as enterprises
from services.registration.domain.floor_plan import floor_plan
from services.registration.responses.application import ApplicationResponse, application_response
from services.registration.responses.briefing import (
    AttendedBriefing,
    attended_briefings,
    invitation,
)
from services.registration.responses.rules import rule_responses
from services.registration.responses.story import story_of
from services.registration.responses.telling import Telling
from services.registration.views import Round, rounds
from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.registration.rule_set import RuleCheck
from shared.contracts.words import Id, PairId, Sentence, Year
from shared.http import (
    After,
    Caller,
    Limit,
    Role,
    RunningService,
    entity,
    only_own,
    page,
    part_page,
    query,
    routes,
    sorted_by,
)
from shared.kernel.adapters import adapter_of
from shared.kernel.answers import Found, Listing
from shared.kernel.errors import NotFound
from shared.service import Service

router = routes("application")

Reader = Annotated[Caller, query(*APPLICANT_READERS)]
Officer = Annotated[Caller, query("verification-officer", "auditor")]
Applications = Annotated[Listing, sorted_by("submitted_at", "deadline_at")]
EnterpriseId = Annotated[Id, Path(alias="enterprise")]
ApplicationId = Annotated[PairId, Path(alias="application")]


@router.get("/applications")
async def list_applications(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    programme: Year | None = None,
    exhibition: Id | None = None,
    enterprise: Id | None = None,
    status: Status | None = None,
    contested: bool | None = None,
    listing: Applications,
) -> dict[str, Any]:
    """List applications; an enterprise gets only its own.

    A contested one has an attendance that was recorded although its place had been lost.
    """
    if reader.roles == {Role.ENTERPRISE}:
        enterprise = enterprise or reader.enterprise
        only_own(reader, enterprise)
    part = await service.find_part(
        application,
        listing,
        exhibition=exhibition,
        enterprise=enterprise,
        status=status,
        contested=contested,
        **{PROGRAMME: programme},
    )
    return part_page(request, await _shown(service, reader, part.items), part)


@router.get("/enterprises/{enterprise}/participations")
async def list_participations(
    id: EnterpriseId,
    request: Request,
    reader: Officer,
    service: RunningService,
    *,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List the applications of an enterprise and of its confirmed duplicates, as one history."""
    await service.get(enterprises, id)
    found: list[Found[Application | None]] = []
    for member in await group_of(service, id):
        found += await service.find(application, after=after, limit=limit, enterprise=member)
    found = sorted(found, key=lambda each: each.id)[:limit]
    return page(request, await _shown(service, reader, found), limit)


@router.get("/applications/{application}")
async def get_application(
    id: ApplicationId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return an application with its rules, its result and the status of its exhibition.

    The rules are as they decided, or as they stand now while the application is undecided.
    """
    only_own(reader, enterprise_of(id))
    found = await service.get(application, id)
    if found.state is None:
        raise NotFound("application", id)
    exhibition = await load_exhibition(service, exhibition_of(id))
    (shown,) = await _shown(service, reader, [found])
    rules = await _rules(service, id, found.state)
    booth = await _booth(service, id)
    briefings = await briefings_of(service, exhibition_of(id))
    attended = adapter_of(tuple[AttendedBriefing, ...]).dump_python(
        attended_briefings(briefings, found.state.enterprise), mode="json"
    )
    return entity(
        response,
        shown,
        exhibition_status=exhibition.status,
        rules=rules,
        booth=booth,
        briefings=attended,
    )


@router.get("/applications/{application}/story")
async def get_story(
    id: ApplicationId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Tell in Indonesian and in English where an application stands, what is next, and why."""
    only_own(reader, enterprise_of(id))
    found = await service.get(application, id)
    if found.state is None:
        raise NotFound("application", id)
    (shown,) = await _shown(service, reader, [found])
    facts, checks = await _checks(service, id, found.state)
    assert facts.rule_set is not None, "this application was submitted"
    telling = Telling(
        state=found.state,
        exhibition=await load_exhibition(service, exhibition_of(id)),
        result=shown.state.result,
        rules=rule_responses(facts.rule_set, checks, found.state.valid_through),
        booth=await _booth(service, id),
        invitations=await _invitations(service, exhibition_of(id), found.state.zone),
    )
    return entity(response, Found(id=id, version=found.version, state=story_of(telling)))


async def _booth(service: Service, id: str) -> str | None:
    """Return the booth of an applicant, or None if it has none, perhaps without a place."""
    plan = await service.load(floor_plan, exhibition_of(id))
    return plan.booths.get(enterprise_of(id)) if plan else None


async def _invitations(service: Service, exhibition: str, zone: str) -> tuple[Sentence, ...]:
    found = (await briefings_of(service, exhibition)).values()
    coming = [each for each in found if is_coming(each, service.now())]
    coming.sort(key=lambda each: each.starts_at)
    return tuple(invitation(each, zone) for each in coming)


async def _rules(service: Service, id: str, state: Application) -> list[dict[str, Any]]:
    facts, checks = await _checks(service, id, state)
    assert facts.rule_set is not None, "this application was submitted"
    return shown_rules(facts.rule_set, checks, state.valid_through)


async def _checks(
    service: Service, id: str, state: Application
) -> tuple[VerificationFacts, tuple[RuleCheck, ...]]:
    """Return the checks as they decided, or as they stand now, and the facts with the rules."""
    facts = await verification_facts(service, id)
    if state.status in UNDECIDED:
        return facts, checks_of(facts, state, service.now())
    return facts, state.checks


async def _shown(
    service: Service, reader: Caller, found: Sequence[Found[Application | None]]
) -> list[Found[ApplicationResponse]]:
    """Return what the reader sees of these; the rounds are read once each, where they count."""
    waiting = {
        each.state.exhibition
        for each in found
        if each.state is not None and each.state.status is Status.ELIGIBLE
    }
    standing: dict[str, Round] = {}
    for id in sorted(waiting):
        if selection_round := await service.load(rounds, id):
            standing[id] = selection_round
    return await asyncio.gather(*(_response(service, reader, each, standing) for each in found))


async def _response(
    service: Service,
    reader: Caller,
    found: Found[Application | None],
    standing: Mapping[str, Round],
) -> Found[ApplicationResponse]:
    assert found.state is not None, "an application is stored with its submission"
    id = found.state.enterprise
    applicant = await service.load(enterprises, id) if sees_name(reader, id) else None
    state = application_response(
        found.state,
        standing.get(found.state.exhibition),
        applicant.name if applicant else None,
        sees_private=sees_private(reader, id),
    )
    return Found(id=found.id, version=found.version, state=state)
