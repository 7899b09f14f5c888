"""The budget at work, for its API tests: the service on real servers, and what it hears of others.

`Office` sends what officers ask and publishes what registration and selection would. `about` and
the builders under it tell the events of one exhibition, so that a test may have several.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx

from shared.contracts.event import Event
from shared.contracts.registration.exhibition import ExhibitionProposed
from shared.contracts.selection.round import ParticipantsDecreed, SelectionApproved
from shared.contracts.words import Scope
from tests.budget.examples import About
from tests.publishing import Publisher
from tests.serving import Api
from tests.settled import settled

ENVELOPE = "2018.DOMESTIC"
IFEX, INACRAFT = "ifex-2018", "inacraft-2018"
BOOKS = ("/envelopes", "/allocations")


@dataclass(frozen=True, kw_only=True)
class Office:
    """The service, its officers, and a publisher beside it."""

    api: Api
    publisher: Publisher

    async def asks(self, path: str, body: object, **more: Any) -> httpx.Response:
        """A budget officer's command."""
        return await self.api.command("budget-officer", path, body, **more)

    async def pays(self, path: str, body: object, **more: Any) -> httpx.Response:
        """A payment officer's command."""
        return await self.api.command("payment-officer", path, body, **more)

    async def done(self, path: str, body: object, **more: Any) -> int:
        """The version after a budget officer's command that must succeed."""
        answer = await self.asks(path, body, **more)
        assert answer.is_success, answer.text
        version: int = answer.json()["version"]
        return version

    async def hears(self, subject: str, *events: Event) -> None:
        """These events come, and all that they cause is done."""
        await self.publisher.publish(subject, *events)
        await self.settles()

    async def settles(self) -> None:
        """Wait until the service has nothing left to do."""
        await settled(self.api.service)

    async def shows(self, path: str, **parameters: str) -> dict[str, Any]:
        """Return the answer that an auditor gets there; `path` may be a page's `next`."""
        parameters = dict(httpx.URL(path).params) | parameters
        answer = await self.api.query("auditor", path, **parameters)
        assert answer.is_success, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def books(self) -> list[dict[str, Any]]:
        """All that can be read at rest: equal before and after what must change nothing."""
        await self.settles()
        return [item for path in BOOKS for item in (await self.shows(path))["items"]]

    async def claims(self) -> list[str]:
        """The SP2D numbers that are held for a payment."""
        collection = self.api.service.engine.database.collection("claims")
        return sorted([item["_id"] async for item in collection.find({})])

    async def opened(self, pagu_idr: int = 1_000) -> None:
        """The envelope 2018.DOMESTIC is there."""
        body = {"programme": "2018", "scope": "DOMESTIC", "pagu_idr": pagu_idr}
        await self.done("/envelopes", {**body, "document_number": "DIPA-044/2018"})

    async def allotted(self, exhibition: str, amount_idr: int, unit_cost_idr: int = 40) -> None:
        """The exhibition is known and has its money."""
        await self.hears(exhibition, proposed(exhibition))
        amounts = {"amount_idr": amount_idr, "unit_cost_idr": unit_cost_idr}
        await self.done(f"/envelopes/{ENVELOPE}/allotments", {"exhibition": exhibition, **amounts})
        await self.settles()

    async def funded(self, exhibition: str, places: Sequence[str]) -> list[str]:
        """Places of 40 each have their money and are on the decree's annex; their ids."""
        applications = [f"{exhibition}.{place}" for place in places]
        await self.allotted(exhibition, 40 * len(places))
        annex = decreed(exhibition, applications)
        await self.hears(exhibition, approved(exhibition, applications), annex)
        return applications

    async def contracted(self, exhibition: str, places: Sequence[str]) -> None:
        """The same, bound by contract `k-1`."""
        applications = await self.funded(exhibition, places)
        contract = {"contract": "k-1", "applications": applications}
        await self.done(f"/allocations/{exhibition}/contracts", contract)

    async def ordered(self, exhibition: str, spm: str, amount_idr: int) -> None:
        """A payment order waits on contract `k-1`."""
        body = {"contract": "k-1", "spm": spm, "amount_idr": amount_idr}
        answer = await self.pays(f"/allocations/{exhibition}/payment-orders", body)
        assert answer.is_success, answer.text


def about(exhibition: str) -> About:
    """Return the fields that every event of an exhibition and its round has."""
    return About(exhibition=exhibition, programme="2018", scope=Scope.DOMESTIC)


def proposed(exhibition: str) -> ExhibitionProposed:
    """The exhibition becomes known."""
    return ExhibitionProposed(
        name="Inacraft", city="Jakarta", country="ID", organiser="ASEPHI", **about(exhibition)
    )


def approved(
    exhibition: str, selected: Sequence[str], reserve: Sequence[str] = ()
) -> SelectionApproved:
    """These have seats, in rank order."""
    return SelectionApproved(selected=tuple(selected), reserve=tuple(reserve), **about(exhibition))


def decreed(exhibition: str, annex: Sequence[str]) -> ParticipantsDecreed:
    """These are on the decree's annex."""
    return ParticipantsDecreed(
        number="SK-12/2018", signed_on=date(2018, 3, 1), annex=tuple(annex), **about(exhibition)
    )
