"""The secretariat of the API tests: the service on real servers, its callers and its publishers.

`Secretariat` sends the commands of officers, curators and approvers, and publishes the events that
registration and budget would publish. Every command and event concerns `mihas-2018` with two places
and the rubric of the data files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

import httpx

from shared.contracts.budget.allocation import PlaceFunded
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationVerified,
    ApplicationWithdrawn,
    PlaceAccepted,
    PlaceDeclined,
)
from shared.contracts.registration.application_codes import WithdrawalCode
from shared.contracts.registration.exhibition import VerificationClosed
from shared.contracts.registration.quota import Quota
from shared.contracts.relations import Relation
from tests.publishing import Publisher
from tests.rubrics import BODY_OF_2018
from tests.selection.examples import EXHIBITION, PANEL, ROUND_FIELDS, SUBMITTED_AT, applicant
from tests.selection.test_reactions import CALL
from tests.serving import Api
from tests.settled import settled

ROUND = f"/rounds/{EXHIBITION}"
RUBRIC = BODY_OF_2018
NOTHING: Mapping[str, object] = MappingProxyType({})
NO_RELATIONS: Mapping[str, tuple[Relation, ...]] = MappingProxyType({})


def candidate(enterprise: str) -> str:
    """Return the path of this enterprise's candidate."""
    return f"/candidates/{EXHIBITION}.{enterprise}"


def levels(level: int) -> dict[str, dict[str, int]]:
    """Return the body of a sheet with the same level for every criterion (20 points a level)."""
    return {"levels": {criterion["code"]: level for criterion in RUBRIC["criteria"]}}


def loss(enterprise: str) -> dict[str, str]:
    """Return the body of a request to take the seat of this enterprise."""
    return {
        "application": f"{EXHIBITION}.{enterprise}",
        "code": "sanction",
        "reason": "its licence was revoked",
        "number": "ND-3/2018",
        "signed_on": "2018-02-01",
    }


@dataclass(frozen=True, kw_only=True)
class Secretariat:
    """The service, its callers, and a publisher of the events of other services.

    `terms` are terms of the call that are not those of `CALL`.
    """

    api: Api
    publisher: Publisher
    terms: Mapping[str, object] = field(default_factory=lambda: NOTHING)

    async def asks(
        self,
        path: str,
        body: object,
        *,
        role: str = "selection-officer",
        actor: str | None = None,
        enterprise: str | None = None,
    ) -> httpx.Response:
        """Send a command, by default as the selection officer."""
        return await self.api.command(role, path, body, actor=actor, enterprise=enterprise)

    async def done(
        self, path: str, body: object, *, role: str = "selection-officer", actor: str | None = None
    ) -> int:
        """Send a command that must succeed and return the new version."""
        answer = await self.asks(path, body, role=role, actor=actor)
        assert answer.is_success, answer.text
        version: int = answer.json()["version"]
        return version

    async def reads(
        self,
        path: str,
        *roles: str,
        actor: str | None = None,
        enterprise: str | None = None,
        **parameters: str,
    ) -> httpx.Response:
        """Send a query."""
        token = self.api.token(*roles, actor=actor, enterprise=enterprise)
        headers = {"authorization": f"Bearer {token}"}
        return await self.api.client.get(path, params=parameters, headers=headers)

    async def shows(
        self, path: str, *roles: str, actor: str | None = None, **parameters: str
    ) -> dict[str, Any]:
        """Return the body of a query that must succeed, by default as the selection officer."""
        readers = roles or ("selection-officer",)
        answer = await self.reads(path, *readers, actor=actor, **parameters)
        assert answer.is_success, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def receives(self, subject: str, *events: Event) -> None:
        """Publish these events and wait until the service has handled all their effects."""
        await self.publisher.publish(subject, *events)
        await self.settles()

    async def settles(self) -> None:
        """Wait until the service has nothing left to do."""
        await settled(self.api.service)

    async def opened(
        self,
        *enterprises: str,
        rubric: Mapping[str, object] = NOTHING,
        quotas: tuple[Quota, ...] = (),
        relations: Mapping[str, tuple[Relation, ...]] = NO_RELATIONS,
    ) -> None:
        """Open the round by a rubric with these parts, its panel, and list these enterprises."""
        await self.done("/rubrics", {**RUBRIC, **rubric})
        eligible = tuple(f"{EXHIBITION}.{enterprise}" for enterprise in enterprises)
        for enterprise, application in zip(enterprises, eligible, strict=True):
            verified = ApplicationVerified(
                applicant=applicant(enterprise),
                rule_set="2018-1",
                submitted_at=SUBMITTED_AT,
                valid_through=date(2018, 4, 29),
                relations=relations.get(enterprise, ()),
            )
            await self.publisher.publish(application, verified)
        call = CALL.model_copy(update={"quotas": quotas, **self.terms})
        await self.receives(EXHIBITION, call, VerificationClosed(eligible=eligible, **ROUND_FIELDS))
        await self.done(f"{ROUND}/panel", {"curators": PANEL})

    async def scored(self, enterprise: str, level: int, **gates: bool) -> None:
        """Assign the whole panel and let each curator give every criterion this level."""
        path = candidate(enterprise)
        for curator in PANEL:
            await self.done(f"{path}/assignments", {"curator": curator})
            sheet = {**levels(level), "gates": gates}
            await self.done(f"{path}/score-sheets", sheet, role="curator", actor=curator)

    async def proposed(self, scores: Mapping[str, int], quotas: tuple[Quota, ...] = ()) -> str:
        """Propose a selection on these levels and return its digest."""
        await self.opened(*scores, quotas=quotas)
        for enterprise, level in scores.items():
            await self.scored(enterprise, level)
        await self.done(f"{ROUND}/scoring-closure", {})
        await self.settles()
        await self.done(f"{ROUND}/proposal", {})
        digest: str = (await self.shows(f"{ROUND}/proposal"))["digest"]
        return digest

    async def approved(self, scores: Mapping[str, int], quotas: tuple[Quota, ...] = ()) -> None:
        """Propose and approve the selection on these levels."""
        digest = await self.proposed(scores, quotas)
        await self.done(f"{ROUND}/approval", {"digest": digest}, role="approver")

    async def signs(self, path: str, number: str, signed_on: str = "2018-02-01") -> httpx.Response:
        """Send the decree or an amendment, with the digest of the annex as it is now."""
        annex = await self.shows(f"{ROUND}/annex")
        body = {"number": number, "signed_on": signed_on, "annex_digest": annex["digest"]}
        return await self.asks(f"{ROUND}/{path}", body)

    async def seats(self) -> dict[str, str]:
        """Return the status of each seat by enterprise."""
        seats = (await self.shows(ROUND, "ministry-system"))["seats"]
        return {application.partition(".")[2]: seat for application, seat in seats.items()}


def withdrawn(enterprise: str) -> ApplicationWithdrawn:
    """Return the event that this enterprise gives up."""
    return ApplicationWithdrawn(applicant=applicant(enterprise), code=WithdrawalCode.OTHER)


def accepted(enterprise: str) -> PlaceAccepted:
    """Return the event that this enterprise accepts its place."""
    return PlaceAccepted(applicant=applicant(enterprise), slot=1)


def declined(enterprise: str) -> PlaceDeclined:
    """Return the event that this enterprise declines its place."""
    return PlaceDeclined(applicant=applicant(enterprise))


def funded(enterprise: str) -> PlaceFunded:
    """Return the event that money is reserved for this enterprise's place."""
    return PlaceFunded(
        application=f"{EXHIBITION}.{enterprise}",
        amount_idr=1,
        ceiling_idr=9,
        reserved_idr=1,
        contracted_idr=0,
        realised_idr=0,
        **ROUND_FIELDS,
    )
