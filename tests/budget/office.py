"""The office of the API tests: the budget service on real servers, its callers and its publishers.

`Office` sends the commands of officers and publishes the events of registration and selection. Its
methods `opened` to `ordered` bring the money of an exhibition to that point. The functions at the
end make the bodies of commands and the events of an exhibition.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import httpx

from shared.contracts.event import Event
from shared.contracts.registration.exhibition import ExhibitionProposed
from shared.contracts.selection.round import SelectionApproved
from shared.contracts.selection.round_seats import ParticipantsDecreed
from shared.contracts.words import Scope
from tests.budget.examples import About
from tests.publishing import Publisher
from tests.serving import Api
from tests.settled import settled

ENVELOPE = "2018.DOMESTIC"
IFEX, INACRAFT = "ifex-2018", "inacraft-2018"
LISTS = ("/envelopes", "/allocations", "/contracts", "/payment-orders")
PAYER = "payment-officer-2"


@dataclass(frozen=True, kw_only=True)
class Office:
    """The service, its officers, and a publisher of the events of other services."""

    api: Api
    publisher: Publisher

    async def asks(self, path: str, body: object, **more: Any) -> httpx.Response:
        """Send a command as a budget officer."""
        return await self.api.command("budget-officer", path, body, **more)

    async def pays(self, path: str, body: object, **more: Any) -> httpx.Response:
        """Send a command as a payment officer."""
        return await self.api.command("payment-officer", path, body, **more)

    async def done(self, path: str, body: object, **more: Any) -> int:
        """Send a command as a budget officer that must succeed, and return the new version."""
        answer = await self.asks(path, body, **more)
        assert answer.is_success, answer.text
        version: int = answer.json()["version"]
        return version

    async def receives(self, subject: str, *events: Event) -> None:
        """Publish these events and wait until the service has handled all their effects."""
        await self.publisher.publish(subject, *events)
        await self.settles()

    async def settles(self) -> None:
        """Wait until the service has nothing left to do."""
        await settled(self.api.service)

    async def shows(self, path: str, **parameters: str) -> dict[str, Any]:
        """Return the body of an auditor's query; `path` may be the `next` of a page."""
        parameters = dict(httpx.URL(path).params) | parameters
        answer = await self.api.query("auditor", path, **parameters)
        assert answer.is_success, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def figures(self) -> list[dict[str, Any]]:
        """Return all that the lists show at rest, to compare it before and after a call."""
        await self.settles()
        return [item for path in LISTS for item in (await self.shows(path))["items"]]

    async def claims(self) -> list[str]:
        """Return the keys of the numbers that are claimed."""
        collection = self.api.service.engine.database.collection("claims")
        return sorted([item["_id"] async for item in collection.find({})])

    async def opened(self, pagu_idr: int = 1_000) -> None:
        """Open the envelope 2018.DOMESTIC."""
        body = {"programme": "2018", "scope": "DOMESTIC", "pagu_idr": pagu_idr}
        await self.done("/envelopes", {**body, **document("SP DIPA-044.01/2018")})

    async def allotted(self, exhibition: str, amount_idr: int, unit_cost_idr: int = 40) -> None:
        """Propose the exhibition and allot this amount to it."""
        await self.receives(exhibition, proposed(exhibition))
        await self.done(
            f"/envelopes/{ENVELOPE}/allotments", allotment(exhibition, amount_idr, unit_cost_idr)
        )
        await self.settles()

    async def funded(self, exhibition: str, places: Sequence[str]) -> list[str]:
        """Fund places of 40 each, put them on the decree's annex, and return their applications."""
        applications = [f"{exhibition}.{place}" for place in places]
        await self.allotted(exhibition, 40 * len(places))
        annex = decreed(exhibition, applications)
        await self.receives(exhibition, approved(exhibition, applications), annex)
        return applications

    async def contracted(self, exhibition: str, places: Sequence[str]) -> None:
        """Contract places of 40 each by the contract of this exhibition, and deliver it."""
        applications = await self.funded(exhibition, places)
        path = f"/allocations/{exhibition}"
        await self.done(f"{path}/contracts", contract(exhibition, applications))
        await self.done(f"{path}/deliveries", delivery(exhibition))

    async def ordered(self, exhibition: str, spm: str, amount_idr: int) -> None:
        """Order a payment on the contract of this exhibition."""
        body = order(exhibition, spm, amount_idr)
        answer = await self.pays(f"/allocations/{exhibition}/payment-orders", body)
        assert answer.is_success, answer.text

    async def disburses(self, exhibition: str, spm: str, sp2d: str, **more: Any) -> httpx.Response:
        """Disburse a payment, as another payment officer than the one who ordered it."""
        more = {"actor": PAYER, **more}
        body = disbursement(exhibition, spm, sp2d)
        return await self.pays(f"/allocations/{exhibition}/disbursements", body, **more)


def number(exhibition: str) -> str:
    """Return the number of the contract of an exhibition."""
    return f"12/SPK/{exhibition}"


def contract(exhibition: str, applications: Sequence[str], **changes: Any) -> dict[str, Any]:
    """Return the body of a contract over 40 for each of these places, with changes."""
    body = {"contract": number(exhibition), "signed_on": "2018-03-05"}
    places = list(applications)
    return {**body, "applications": places, "amount_idr": 40 * len(places), **changes}


def delivery(exhibition: str, **changes: Any) -> dict[str, Any]:
    """Return the body of a delivery of the contract of an exhibition, with changes."""
    body = {"contract": number(exhibition), "document_number": f"BAST/{exhibition}/1"}
    return {**body, "delivered_on": "2018-03-08", **changes}


def order(exhibition: str, spm: str, amount_idr: int, **changes: Any) -> dict[str, Any]:
    """Return the body of a payment order on the contract of an exhibition, with changes."""
    body = {"contract": number(exhibition), "spm": spm, "ordered_on": "2018-03-07"}
    return {**body, "amount_idr": amount_idr, **changes}


def disbursement(exhibition: str, spm: str, sp2d: str, **changes: Any) -> dict[str, Any]:
    """Return the body of a disbursement of an order, with changes."""
    body = {"contract": number(exhibition), "spm": spm, "sp2d": sp2d, "paid_on": "2018-03-09"}
    return {**body, **changes}


def voiding(exhibition: str, spm: str, **changes: Any) -> dict[str, Any]:
    """Return the body of the voiding of an order, with changes."""
    body = {"contract": number(exhibition), "spm": spm, "code": "wrong-payee", "reason": "salah"}
    return {**body, **changes}


def coming_back(exhibition: str, spm: str, sp2d: str, **changes: Any) -> dict[str, Any]:
    """Return the body of a payment that came back, with changes."""
    body = {"contract": number(exhibition), "spm": spm, "sp2d": sp2d, "code": "wrong-account"}
    returned = {"return_number": f"R-{sp2d}", "returned_on": "2018-03-12", "reason": "salah"}
    return {**body, **returned, **changes}


numbers = count(1)


def document(number: str) -> dict[str, Any]:
    """Return the fields of a posting by this document."""
    return {"document_number": number, "effective_on": "2018-01-31"}


def reasoned(number: str) -> dict[str, Any]:
    """Return the fields of a posting by this document, with its reason."""
    return {**document(number), "code": "saving", "reason": "Efisiensi"}


def allotment(exhibition: str, amount_idr: int, unit_cost_idr: int = 40) -> dict[str, Any]:
    """Return the body of an allotment by a document of its own."""
    amounts = {"amount_idr": amount_idr, "unit_cost_idr": unit_cost_idr}
    return {"exhibition": exhibition, **amounts, **document(f"ND-{next(numbers)}/Dep.3/2018")}


def lowering(amount_idr: int) -> dict[str, Any]:
    """Return the body of a lowering by a document of its own."""
    return {"amount_idr": amount_idr, **document(f"ND-{next(numbers)}/Dep.3/2018")}


def about(exhibition: str) -> About:
    """Return the fields that every event of an exhibition and its round has."""
    return About(exhibition=exhibition, programme="2018", scope=Scope.DOMESTIC)


def proposed(exhibition: str) -> ExhibitionProposed:
    """Return the event that this exhibition is proposed."""
    return ExhibitionProposed(
        name="Inacraft", city="Jakarta", country="ID", organiser="ASEPHI", **about(exhibition)
    )


def approved(
    exhibition: str, selected: Sequence[str], reserve: Sequence[str] = ()
) -> SelectionApproved:
    """Return the event that these applications have seats, in rank order."""
    return SelectionApproved(
        approved_on=date(2018, 2, 1),
        selected=tuple(selected),
        reserve=tuple(reserve),
        **about(exhibition),
    )


def decreed(exhibition: str, annex: Sequence[str]) -> ParticipantsDecreed:
    """Return the event that these applications are on the decree's annex."""
    return ParticipantsDecreed(
        number="SK-12/2018", signed_on=date(2018, 3, 1), annex=tuple(annex), **about(exhibition)
    )
