"""The reporting desk of the API tests: the service on real servers, its callers and a publisher.

`Desk` sends the commands of participants and officers, and publishes the events that the other
services would publish.
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
"""The number of steps of a journey that lead to the attendance."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The service, its callers, and a publisher of the events of other services."""

    api: Api
    publisher: Publisher

    async def receives(self, subject: str, *events: Event) -> None:
        """Publish these events and wait until the service has counted them."""
        await self.publisher.publish(subject, *events)
        await settled(self.api.service)

    async def receives_journey(self, applicant: Applicant, steps: int = ATTENDED) -> None:
        """Publish the first steps of an application's journey, by default to the attendance."""
        await self.receives(applicant.application, *journey(applicant)[:steps])

    async def reports(
        self, enterprise: str, path: str, body: object, **more: Any
    ) -> httpx.Response:
        """Send a command of a participant."""
        return await self.api.command("enterprise", path, body, enterprise=enterprise, **more)

    async def asks(self, path: str, body: object, **more: Any) -> httpx.Response:
        """Send a command of a reporting officer."""
        return await self.api.command("reporting-officer", path, body, **more)

    async def done(self, path: str, body: object) -> str:
        """Send an officer's command that must succeed, wait until it is counted, return the id."""
        answer = await self.asks(path, body)
        assert answer.is_success, answer.text
        await settled(self.api.service)
        id: str = answer.json()["id"]
        return id

    async def shows(self, path: str, **parameters: str) -> dict[str, Any]:
        """Return the body of an auditor's query that must succeed."""
        answer = await self.api.query("auditor", path, **parameters)
        assert answer.is_success, answer.text
        body: dict[str, Any] = answer.json()
        return body
