"""Routes of uploaded files: a file comes first, and a command names it within a day.

A file belongs to its enterprise. It is read through the record that names it: a document
(`services.registration.api.document`), an application's dossier, or a product, as its photograph.
"""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.registration.api.facts import load_enterprise
from services.registration.domain.enterprise.profile import product_photographs
from services.registration.domain.enterprise.state import Enterprise
from shared.contracts.words import Id
from shared.http import (
    Caller,
    RunningService,
    file_response,
    only_own,
    query,
    received_file,
    routes,
    upload,
)
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound
from shared.service import Service

router = routes("file")

Uploader = Annotated[Context, upload("enterprise", "verification-officer")]
Reader = Annotated[Caller, query("enterprise", "verification-officer", "auditor")]
EnterpriseId = Annotated[Id, Path(alias="enterprise")]

FILE = {
    "requestBody": {
        "required": True,
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}}
            for media in ("application/pdf", "image/jpeg", "image/png")
        },
    }
}


@router.post("/enterprises/{enterprise}/files", status_code=201, openapi_extra=FILE)
async def upload_file(
    id: EnterpriseId, request: Request, context: Uploader, service: RunningService
) -> dict[str, Any]:
    """Upload a PDF, JPEG or PNG of at most 10 MiB as the body; name it in a command within a day.

    It is examined by its content: `shared/files/content.py` lists what is refused.
    """
    only_own(context, id)
    await load_enterprise(service, id)
    async with received_file(request, service.uploads.memory) as content:
        file = await service.uploads.receive(context.derived_id("UploadFile"), content, owner=id)
    return {
        "id": file.id,
        "media_type": file.media_type,
        "length": file.length,
        "sha256": file.sha256,
        "waits_until": file.waits_until,
    }


@router.get("/enterprises/{enterprise}/photographs/{file}")
async def get_photograph(
    id: EnterpriseId, file: Id, reader: Reader, service: RunningService
) -> Response:
    """Return a photograph of a product. It is no paper of a person, so no reading is recorded."""
    only_own(reader, id)
    return await send_photograph(service, await load_enterprise(service, id), file)


async def send_photograph(service: Service, state: Enterprise, file: str) -> Response:
    """Answer with a photograph of a product of this enterprise. Raises `NotFound`."""
    named = file in product_photographs(state.products)
    stored = await service.uploads.find(file) if named else None
    if stored is None:
        raise NotFound("photograph", file)
    return file_response(stored, service.uploads.read(file))
