"""Routes of uploaded files: a file comes first, and a command names it within a day.

A file belongs to its enterprise. It is read through the record that names it: a document
(`services.registration.api.document`), an application's dossier.
"""

from typing import Annotated, Any

from fastapi import Path, Request

from services.registration.api.facts import load_enterprise
from shared.contracts.words import Id
from shared.http import RunningService, only_own, read_file, routes, upload
from shared.kernel.decider import Context

router = routes("file")

Uploader = Annotated[Context, upload("enterprise", "verification-officer")]
EnterpriseId = Annotated[Id, Path(alias="enterprise")]


@router.post("/enterprises/{enterprise}/files", status_code=201)
async def upload_file(
    id: EnterpriseId, request: Request, context: Uploader, service: RunningService
) -> dict[str, Any]:
    """Upload a PDF, JPEG or PNG of at most 10 MiB as the body; name it in a command within a day.

    It is examined by its content: `shared/files/content.py` lists what is refused.
    """
    only_own(context, id)
    await load_enterprise(service, id)
    content = await read_file(request)
    file = await service.uploads.receive(context.derived_id("UploadFile"), content, owner=id)
    return {
        "id": file.id,
        "media_type": file.media_type,
        "length": file.length,
        "sha256": file.sha256,
        "waits_until": file.waits_until,
    }
