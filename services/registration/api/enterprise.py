"""Routes of the enterprise (Pelaku Usaha): register it, revise its profile, find it.

The route of the registration hashes the numbers before anything is decided, and claims each hash
for the new enterprise, so that no two enterprises have the same NIB, NPWP, NIK or NIK Koperasi.
`services.registration.responses` decides which fields a reader sees.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response
from pydantic import AfterValidator

from services.registration.api import (
    APPLICANT_READERS,
    PRIVATE_READERS,
    sees_name,
    sees_private,
)
from services.registration.api.duplicates import group_of, suspect_alike, suspect_taken
from services.registration.api.facts import relation_keys_of
from services.registration.api.file_facts import profile_facts
from services.registration.domain.enterprise import profile
from services.registration.domain.enterprise.decider import PROVINCE, enterprise
from services.registration.domain.enterprise.profile import RevisionForm, hash_revision
from services.registration.domain.enterprise.registration import (
    RegistrationForm,
    hash_form,
    identifier_claims_of,
)
from services.registration.domain.enterprise.state import Enterprise
from services.registration.responses.enterprise import EnterpriseResponse, enterprise_response
from shared.contracts.codes import Sector
from shared.contracts.provinces import NAMES
from shared.contracts.words import Id
from shared.contracts.wrong_value import WrongValue
from shared.http import (
    After,
    Caller,
    Limit,
    Role,
    RunningService,
    command,
    configured,
    entity,
    only_own,
    page,
    part_page,
    query,
    routes,
    sorted_by,
)
from shared.kernel.answers import Answer, Found, Happened, Listing
from shared.kernel.decider import Context
from shared.kernel.errors import Busy, Forbidden, NotFound, Refused
from shared.kernel.keys import HashKeys
from shared.service import Service
from shared.settings import Settings

router = routes("enterprise")


def _province(iso: str) -> str:
    if iso not in NAMES:
        raise WrongValue(
            "name a province by its code in ISO 3166-2, such as ID-JB",
            id="Sebutkan provinsi dengan kodenya menurut ISO 3166-2, misalnya ID-JB.",
        )
    return iso


ProvinceCode = Annotated[str, AfterValidator(_province)]


Registrar = Annotated[Context, command("enterprise", "verification-officer")]
Reviser = Annotated[Context, command("enterprise", "verification-officer", if_match=True)]
"""A revision names the version of the profile that its sender has read (If-Match)."""
Reader = Annotated[Caller, query(*APPLICANT_READERS)]
Enterprises = Annotated[Listing, sorted_by()]
OtherReader = Annotated[Caller, query(*(set(APPLICANT_READERS) - {"enterprise"}))]
Applicant = Annotated[Caller, query("enterprise")]
HistoryReader = Annotated[Caller, query("enterprise", "verification-officer", "auditor")]
EnterpriseId = Annotated[Id, Path(alias="enterprise")]


async def identifier_keys(settings: Annotated[Settings, configured()]) -> HashKeys:
    """Return the keys of the hashes; without one the API of this service does not start."""
    assert settings.identifier_keys, "services.registration.app checks this at start"
    return HashKeys(settings.identifier_keys)


@router.post("/enterprises", status_code=201)
async def register_enterprise(
    body: RegistrationForm,
    context: Registrar,
    service: RunningService,
    keys: Annotated[HashKeys, Depends(identifier_keys)],
) -> Answer:
    """Register an enterprise with its official numbers.

    It is refused with `nib-taken`, `npwp-taken`, `nik-taken` or `nik-koperasi-taken` if another
    enterprise has that number, and that is recorded as a suspicion; with 503 `key-changed` by a
    process that has a former key only.
    """
    if context.roles == {Role.ENTERPRISE} and context.enterprise is not None:
        raise Forbidden(
            "already-an-enterprise",
            "Your token belongs to a registered enterprise, so you cannot register another.",
        )
    registration = hash_form(body, keys, relation_keys=relation_keys_of(service))
    id = context.derived_id("RegisterEnterprise")
    claims = identifier_claims_of(body.identifiers, keys)
    try:
        async with service.claimed(enterprise, id, claims, REMEDY):
            answer = await service.handle(enterprise, id, registration, context)
    except Refused:
        await suspect_taken(service, body, keys, context)
        raise
    await _search(service, id, keys, context)
    return answer


async def _search(service: Service, id: str, keys: HashKeys, context: Context) -> None:
    # The enterprise is written: a search that is busy is left to `POST /suspicions/search`.
    with suppress(Busy):
        await suspect_alike(service, id, keys, context)


REMEDY = (
    "if you have registered this enterprise, GET /enterprises/mine has it; otherwise check the "
    "number, and ask a verification officer if it is right"
)
"""The advice to a registrar whose number another enterprise has."""


@router.put("/enterprises/{enterprise}/profile")
async def revise_profile(
    id: EnterpriseId,
    body: RevisionForm,
    context: Reviser,
    service: RunningService,
    keys: Annotated[HashKeys, Depends(identifier_keys)],
) -> Answer:
    """Replace the whole profile, with the reason; submitted applications keep what they froze."""
    only_own(context, id)
    revision = hash_revision(body, keys, relation_keys=relation_keys_of(service))
    answer = await service.handle(
        enterprise,
        id,
        revision,
        context,
        rule=profile.revise_profile,
        facts=lambda: profile_facts(service, id, revision),
    )
    await _search(service, id, keys, context)
    return answer


@router.get("/enterprises/mine")
async def my_enterprises(
    request: Request, reader: Applicant, service: RunningService, *, limit: Limit = 100
) -> dict[str, Any]:
    """List the enterprise that your token names, or else those that you have registered."""
    if reader.enterprise is not None:
        found = [await service.get(enterprise, reader.enterprise)]
    else:
        found = await service.find(enterprise, limit=limit, registered_by=reader.actor)
    return page(request, [_response(each, name=True, private=True) for each in found], limit)


@router.get("/enterprises")
async def list_enterprises(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: OtherReader,
    service: RunningService,
    *,
    province: ProvinceCode | None = None,
    sector: Sector | None = None,
    cooperative: bool | None = None,
    listing: Enterprises,
) -> dict[str, Any]:
    """List enterprises, perhaps those of a province and of a KBLI division, or cooperatives."""
    part = await service.find_part(
        enterprise, listing, sector=sector, cooperative=cooperative, **{PROVINCE: province}
    )
    return part_page(request, [shown(reader, each) for each in part.items], part)


@router.get("/enterprises/{enterprise}")
async def get_enterprise(
    id: EnterpriseId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return an enterprise.

    Only the enterprise itself, verification officers and auditors see its representative, figures
    and products; programme and reporting officers see its name too. Verification officers and
    auditors see its confirmed duplicates.
    """
    only_own(reader, id)
    found = await service.get(enterprise, id)
    duplicates = await _duplicates(service, id) if PRIVATE_READERS & reader.roles else None
    return entity(response, shown(reader, found), duplicates=duplicates)


async def _duplicates(service: Service, id: str) -> list[str]:
    return [other for other in await group_of(service, id) if other != id]


@router.get("/enterprises/{enterprise}/history")
async def get_enterprise_history(
    request: Request,
    id: EnterpriseId,
    reader: HistoryReader,
    service: RunningService,
    *,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """Return the published events of an enterprise: each version of its profile, by whom and why.

    The hashes of its numbers and names are left out: no reader sees them.
    """
    only_own(reader, id)
    await service.get(enterprise, id)
    found = await service.history(enterprise, id, after=after, limit=limit)
    return page(request, [_without_hashes(each) for each in found], limit)


HASHED = frozenset({"identifiers", "search_keys", "relations"})
"""The fields of its events that hold hashes."""


def _without_hashes(found: Found[Happened]) -> Found[Happened]:
    data = {name: value for name, value in found.state.data.items() if name not in HASHED}
    return replace(found, state=replace(found.state, data=data))


def shown(reader: Caller, found: Found[Enterprise | None]) -> Found[EnterpriseResponse]:
    """Return what this reader sees of an enterprise."""
    return _response(
        found, name=sees_name(reader, found.id), private=sees_private(reader, found.id)
    )


def _response(
    found: Found[Enterprise | None], *, name: bool, private: bool
) -> Found[EnterpriseResponse]:
    if found.state is None:
        raise NotFound("enterprise", found.id)
    state = enterprise_response(found.state, sees_name=name, sees_private=private)
    return Found(id=found.id, version=found.version, state=state)
