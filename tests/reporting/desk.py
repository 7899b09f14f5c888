"""The reporting desk at work, for its API tests: the service on real servers, and what it receives.

`Desk` sends what participants and officers say and publishes what the other services would.
"""

from dataclasses import dataclass
from typing import Any

import httpx

from shared.contracts.event import Event
from shared.contracts.words import Applicant
from tests.publishing import Publisher
from tests.reporting.journeys import journey
from tests.serving import Api
from tests.settled import settled

ATTENDED = 6
"""So many steps of a journey lead to the attendance."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The service, its callers, and a publisher beside it."""

    api: Api
    publisher: Publisher

    async def receives(self, subject: str, *events: Event) -> None:
        """These events come and are counted."""
        await self.publisher.publish(subject, *events)
        await settled(self.api.service)

    async def hears_journey(self, who: Applicant, steps: int = ATTENDED) -> None:
        """So many steps of an application's journey come."""
        await self.receives(who.application, *journey(who)[:steps])

    async def says(self, enterprise: str, path: str, body: object, **more: Any) -> httpx.Response:
        """A participant's command."""
        return await self.api.command("enterprise", path, body, enterprise=enterprise, **more)

    async def asks(self, path: str, body: object, **more: Any) -> httpx.Response:
        """A reporting officer's command."""
        return await self.api.command("reporting-officer", path, body, **more)

    async def done(self, path: str, body: object) -> str:
        """The id in the answer to an officer's command that must succeed; all is counted then."""
        answer = await self.asks(path, body)
        assert answer.is_success, answer.text
        await settled(self.api.service)
        id: str = answer.json()["id"]
        return id

    async def shows(self, path: str, **parameters: str) -> dict[str, Any]:
        """Return the answer that an auditor gets there."""
        answer = await self.api.query("auditor", path, **parameters)
        assert answer.is_success, answer.text
        shown: dict[str, Any] = answer.json()
        return shown
