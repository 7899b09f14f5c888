"""Routes of the enterprise (Pelaku Usaha): registered with its numbers, shown without them.

The numbers of a registration are hashed here, before anything is decided; each hash is claimed for
the new enterprise, so that no two enterprises have the same NIB, NPWP, NIK or NIK Koperasi.
"""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from services.registration.api import APPLICANT_READERS
from services.registration.domain.enterprise.decider import (
    Enterprise,
    FileDocument,
    RegistrationForm,
    enterprise,
    hashed,
    is_known_by,
)
from services.registration.responses import profile_of
from shared.contracts.words import Id
from shared.http import Caller, Role, RunningService, command, configured, entity, only_own, query
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import Forbidden, NotFound
from shared.settings import Settings

router = APIRouter(tags=["enterprise"])

Registrar = Annotated[Context, command("enterprise", "verification-officer")]
Reader = Annotated[Caller, query(*APPLICANT_READERS)]
EnterpriseId = Annotated[Id, Path(alias="enterprise")]

PERSONAL_READERS = frozenset({Role.VERIFICATION_OFFICER, Role.AUDITOR})
"""Who may see names and document numbers, besides the enterprise itself."""


async def identifier_key(settings: Annotated[Settings, configured()]) -> bytes:
    """The key of the hashes, without which this service's API does not start."""
    assert settings.identifier_key is not None, "services.registration.app checks this at start"
    return settings.identifier_key.get_secret_value().encode()


@router.post("/enterprises", status_code=201)
async def register_enterprise(
    body: RegistrationForm,
    context: Registrar,
    service: RunningService,
    key: Annotated[bytes, Depends(identifier_key)],
) -> Answer:
    """Register an enterprise; `NOUN-taken` where a number of it is registered already."""
    if context.roles == {Role.ENTERPRISE} and context.enterprise is not None:
        raise Forbidden("already-an-enterprise", "This token speaks for a registered enterprise.")
    registration = hashed(body, key)
    id = context.derived_id("RegisterEnterprise")
    for kind, number_hash in registration.identifiers.items():
        await service.claim(
            f"{kind.lower().replace('_', '-')}/{number_hash}",
            decider=enterprise,
            id=id,
            entry=kind,
            shows=partial(is_known_by, number_hash=number_hash),
        )
    return await service.handle(enterprise, id, registration, context)


@router.post("/enterprises/{enterprise}/documents")
async def file_document(
    id: EnterpriseId, body: FileDocument, context: Registrar, service: RunningService
) -> Answer:
    """File a licence, permit or certificate; it replaces an earlier one of its kind."""
    only_own(context, id)
    return await service.handle(enterprise, id, body, context)


@router.get("/enterprises/{enterprise}")
async def get_enterprise(
    id: EnterpriseId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """An enterprise; names and document numbers only for itself, its verifiers and auditors."""
    only_own(reader, id)
    found = await service.get(enterprise, id)
    if found.state is None:
        raise NotFound("enterprise", id)
    personal = _sees_personal(reader, found)
    profile = profile_of(found.state, personal=personal)
    return entity(response, Found(id=found.id, version=found.version, state=profile))


def _sees_personal(reader: Caller, found: Found[Enterprise | None]) -> bool:
    itself = Role.ENTERPRISE in reader.roles and reader.enterprise == found.id
    return itself or bool(PERSONAL_READERS & reader.roles)
