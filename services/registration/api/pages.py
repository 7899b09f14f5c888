"""Applications without a limit: page after page, in order of id."""

from collections.abc import AsyncIterator

from services.registration.domain.application import application
from services.registration.domain.application_record import Application
from shared.kernel.answers import Found
from shared.service import Service

PAGE = 500


async def applications_where(
    service: Service, **equal: str
) -> AsyncIterator[Found[Application | None]]:
    """Every application whose indexed fields equal what is given.

    What moves in or out while the pages are read may be in or not; the caller says why that does
    not matter.
    """
    after = ""
    while True:
        found = await service.find(application, after=after, limit=PAGE, **equal)
        for application_found in found:
            yield application_found
        if len(found) < PAGE:
            return
        after = found[-1].id
