"""Routes of the enterprise (Pelaku Usaha): register it, file its documents, read its profile.

The route of the registration hashes the numbers before anything is decided, and claims each hash
for the new enterprise, so that no two enterprises have the same NIB, NPWP, NIK or NIK Koperasi.
`services.registration.responses` decides which fields a reader sees.
"""

from typing import Annotated, Any

from fastapi import Depends, Path, Response

from services.registration.api import APPLICANT_READERS, sees_private
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.documents import FileDocument
from services.registration.domain.enterprise.registration import (
    RegistrationForm,
    form_claims,
    hash_form,
)
from services.registration.responses import enterprise_response
from shared.contracts.words import Id
from shared.http import (
    Caller,
    Role,
    RunningService,
    command,
    configured,
    entity,
    only_own,
    query,
    routes,
)
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import Forbidden, NotFound
from shared.kernel.keys import HashKeys
from shared.settings import Settings

router = routes("enterprise")

Registrar = Annotated[Context, command("enterprise", "verification-officer")]
Reader = Annotated[Caller, query(*APPLICANT_READERS)]
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
    enterprise has that number.
    """
    if context.roles == {Role.ENTERPRISE} and context.enterprise is not None:
        raise Forbidden(
            "already-an-enterprise",
            "Your token belongs to a registered enterprise, so you cannot register another.",
        )
    registration = hash_form(body, keys)
    id = context.derived_id("RegisterEnterprise")
    async with service.claimed(enterprise, id, form_claims(body, keys)):
        return await service.handle(enterprise, id, registration, context)


@router.post("/enterprises/{enterprise}/documents")
async def file_document(
    id: EnterpriseId, body: FileDocument, context: Registrar, service: RunningService
) -> Answer:
    """File a licence, permit or certificate; it replaces an earlier document of its kind."""
    only_own(context, id)
    return await service.handle(enterprise, id, body, context)


@router.get("/enterprises/{enterprise}")
async def get_enterprise(
    id: EnterpriseId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return an enterprise.

    Only the enterprise itself, verification officers and auditors see names and document numbers.
    """
    only_own(reader, id)
    found = await service.get(enterprise, id)
    if found.state is None:
        raise NotFound("enterprise", id)
    state = enterprise_response(found.state, sees_private=sees_private(reader, found.id))
    return entity(response, Found(id=found.id, version=found.version, state=state))
