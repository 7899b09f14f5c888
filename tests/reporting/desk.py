"""The reporting desk of the API tests: the service on real servers, its callers and a publisher.

`Desk` sends the commands of participants and officers, and publishes the events that the other
services would publish.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from shared.clock import write_clock
from shared.contracts.event import Event
from shared.contracts.words import Applicant
from tests.publishing import Publisher
from tests.reporting.examples import EXHIBITION, FIXER, PLANNED
from tests.reporting.journeys import journey
from tests.serving import Api
from tests.settled import settled

ATTENDED = 6
"""The number of steps of a journey that lead to the attendance."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The service, its callers, its clock, and a publisher of the events of other services."""

    api: Api
    publisher: Publisher
    clock_file: Path

    def is_at(self, instant: datetime) -> None:
        """Set the programme clock."""
        write_clock(self.clock_file, instant)

    async def holds_show(self, *participants: Applicant) -> None:
        """Publish the plan of the show and the journeys of these participants."""
        await self.receives(EXHIBITION, PLANNED)
        for participant in participants:
            await self.receives_journey(participant)

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

    async def done(self, path: str, body: object, **more: Any) -> str:
        """Send an officer's command that must succeed, wait until it is counted, return the id."""
        answer = await self.asks(path, body, **more)
        assert answer.is_success, answer.text
        await settled(self.api.service)
        id: str = answer.json()["id"]
        return id

    async def fixes(self, body: dict[str, Any]) -> str:
        """Fix a rate: an officer proposes it, and another one confirms it. Return its id."""
        id = await self.done("/rates", body, actor=FIXER)
        return await self.done(f"/rates/{id}/confirmation", {"rate": body["rate"]}, actor="second")

    async def shows(self, path: str, **parameters: str) -> dict[str, Any]:
        """Return the body of an auditor's query that must succeed."""
        answer = await self.api.query("auditor", path, **parameters)
        assert answer.is_success, answer.text
        body: dict[str, Any] = answer.json()
        return body
