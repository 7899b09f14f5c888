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
from services.registration.domain.enterprise.registration import RegistrationForm, hash_form
from services.registration.domain.enterprise.state import identifier_claims
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
from shared.settings import Settings

router = routes("enterprise")

Registrar = Annotated[Context, command("enterprise", "verification-officer")]
Reader = Annotated[Caller, query(*APPLICANT_READERS)]
EnterpriseId = Annotated[Id, Path(alias="enterprise")]


async def identifier_key(settings: Annotated[Settings, configured()]) -> bytes:
    """Return the key of the hashes; without it the API of this service does not start."""
    assert settings.identifier_key is not None, "services.registration.app checks this at start"
    return settings.identifier_key.get_secret_value().encode()


@router.post("/enterprises", status_code=201)
async def register_enterprise(
    body: RegistrationForm,
    context: Registrar,
    service: RunningService,
    key: Annotated[bytes, Depends(identifier_key)],
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
    registration = hash_form(body, key)
    id = context.derived_id("RegisterEnterprise")
    async with service.claimed(enterprise, id, identifier_claims(registration.identifiers)):
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
