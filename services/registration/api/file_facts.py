"""Load the facts of commands that name uploaded files: documents and pictures of products."""

from datetime import UTC, datetime

from services.registration.domain.application.verification import FindingsFacts
from services.registration.domain.document.decider import FileDocument, FilingFacts, document
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.profile import (
    ProfileFacts,
    ReviseProfile,
    product_photographs,
)
from shared.contracts.ids import enterprise_of
from shared.files.content import PICTURES
from shared.kernel.errors import Refused, Unknown
from shared.service import Service
from shared.store.files import StoredFile


async def filing_facts(service: Service, enterprise: str, command: FileDocument) -> FilingFacts:
    """Return the digest of the named file and the replaced document.

    Raises `Unknown`, also for a file or document of another enterprise, and `Refused`
    (`file-too-old`) for a file that has waited too long.
    """
    replaced = None
    if command.replaces is not None:
        replaced = await service.load(document, command.replaces)
        if replaced is None or replaced.enterprise != enterprise:
            raise Unknown("document", command.replaces)
    sha256 = ""
    if command.file is not None:
        sha256 = (await _stored(service, enterprise, command.file, waits=True)).sha256
    return FilingFacts(
        enterprise=enterprise,
        sha256=sha256,
        replaced=replaced,
        # Several that are filed at the same moment may pass the bound together.
        documents=await service.count(document, enterprise=enterprise),
        documents_max=service.engine.settings.documents_max,
    )


async def profile_facts(service: Service, id: str, command: ReviseProfile) -> ProfileFacts:
    """Return those of the named photographs that are no pictures; raises what `_stored` does."""
    state = await service.load(enterprise, id)
    known = set() if state is None else {*product_photographs(state.products)}
    no_pictures = []
    for file in product_photographs(command.products):
        stored = await _stored(service, id, file, waits=file not in known)
        if stored.media_type not in PICTURES:
            no_pictures.append(file)
    return ProfileFacts(no_pictures=tuple(no_pictures))


async def findings_facts(service: Service, application: str) -> FindingsFacts:
    """Return the photographs of the applicant's products; an unknown applicant has none."""
    state = await service.load(enterprise, enterprise_of(application))
    return FindingsFacts(
        photographs=frozenset(product_photographs(state.products) if state else ())
    )


async def _stored(service: Service, enterprise: str, file: str, *, waits: bool) -> StoredFile:
    """Return a file of this enterprise; with `waits` it must be one that waits for its record.

    Raises `Unknown`, also for a file of another enterprise, and `Refused` (`file-too-old`).
    """
    stored = await service.uploads.find(file)
    if stored is None or stored.owner != enterprise:
        raise Unknown("file", file)
    if waits and datetime.now(UTC) > stored.waits_until:
        raise Refused(
            "file-too-old",
            f"The file {file} has waited for more than a day: upload it again.",
        )
    return stored
