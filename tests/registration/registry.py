"""The registration service on real servers with its callers and its clock, for the API tests.

`Registry` sends the commands of officers and enterprises, publishes events as selection does, and
sets the programme clock, which is at `NOW` when a test begins. The exhibition is `inacraft-2018`.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from services.registration.domain.exhibition.call import CLOSING_GRACE
from services.registration.rule_sets import rule_set_file
from shared.clock import write_clock
from shared.contracts.event import Event
from shared.contracts.selection.round import SelectionApproved
from shared.contracts.selection.round_seats import (
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceOffered,
)
from shared.contracts.selection.rubric import RubricPublished
from shared.contracts.words import Scope
from shared.messaging.reading import read_topics
from tests.publishing import Publisher
from tests.registration.examples import CLOSES_AT, ENDS_ON, EXHIBITION, EXHIBITION_FIELDS, STARTS_ON
from tests.registration.rule_sets import RULES_OF_2018
from tests.rubrics import SPOKEN, criterion
from tests.serving import Api
from tests.settled import settled

PLANNER, VERIFIER, APPLICANT, AUDITOR = (
    "programme-officer",
    "verification-officer",
    "enterprise",
    "auditor",
)
EXHIBITION_PATH = f"/exhibitions/{EXHIBITION}"
APPLYING = f"{EXHIBITION_PATH}/applications"

TARGETS = [{"scope": "ALL", "indicator": "ENTERPRISES", "value": 700}]
PROGRAMME = {
    "programme": "2018",
    "title": "Fasilitasi pameran 2018",
    "targets": TARGETS,
    "document_number": "KEP-1/2018",
    "signed_on": "2018-01-02",
}
REVISION = {
    "targets": TARGETS,
    "code": "budget-changed",
    "reason": "APBN-P, as Ibu Siti asked",
    "document_number": "KEP-2/2018",
    "signed_on": "2018-01-31",
}
REPORT = {"report": "LAP-1", "signed_on": str(ENDS_ON)}
PROPOSAL = {
    "exhibition": EXHIBITION,
    "programme": "2018",
    "scope": "DOMESTIC",
    "name": "Inacraft 2018",
    "city": "Jakarta",
    "country": "ID",
    "organiser": "ASEPHI",
    "sectors": ["14"],
}
PLAN = {"venue": "JCC", "starts_on": str(STARTS_ON), "ends_on": str(ENDS_ON), "places": 2}
RULE_SET = rule_set_file(RULES_OF_2018)
FINDING = {"document": "d-1", "code": "not-legible"}
FINDINGS = {"findings": [FINDING], "reason": "as Ibu Rahasia wrote"}
RETIREMENT = {"code": "replaced", "reason": "as Ibu Rahasia wrote"}
LATER = {"starts_on": "2018-06-06", "ends_on": "2018-06-10"}
RESCHEDULING = {"code": "venue", "reason": "as Ibu Siti wrote", **LATER}
CALL = {
    "closes_at": CLOSES_AT.isoformat(),
    "rule_set": RULES_OF_2018,
    "requirements": ["licence", "capacity"],
    "rubric": "rubric-2018",
}
LICENCE = {
    "document_kind": "IUMK",
    "issuer": "Kecamatan Menteng",
    "number": "IUMK-SECRET",
    "issued_on": "2017-05-02",
}
RUBRIC = RubricPublished(
    rubric="rubric-2018", title=SPOKEN, criteria=(criterion(),), thresholds={Scope.DOMESTIC: 6_000}
)

OF_THE_WORKER = {"checkpoints", "versions", "published", "following", "leases", "uploads.swept"}
"""Collections that a worker writes when it gets its partitions, or sweeps."""


def form(number: int) -> dict[str, Any]:
    """Return the form of the enterprise with this serial; every serial has its own numbers."""
    return {
        "name": f"Batik Fiktif {number}",
        "representative": "Ibu Rahasia",
        "cooperative": False,
        "province": {"system": "BPS", "edition": "2018", "code": "31"},
        "sector": "14",
        "net_assets_idr": 200_000_000,
        "annual_sales_idr": 900_000_000,
        "earlier_participations": 0,
        "products": [{"name": "Batik"}],
        "identifiers": numbers(number),
    }


def numbers(number: int) -> dict[str, str]:
    """Return the official numbers of the enterprise with this serial."""
    return {
        "npwp": f"0123456789{number:05}",
        "nik": f"317101570885{number + 1:04}",
        "nib": f"81200012{number:05}",
    }


PROFILE = {
    name: value for name, value in form(0).items() if name not in ("cooperative", "identifiers")
} | {"name": "Tenun Fiktif", "code": "renamed", "reason": "as Ibu Rahasia asked"}
"""A revision of the profile of the first enterprise."""

SANCTION = {
    "code": "no-show",
    "starts_on": "2018-02-01",
    "ends_on": "2018-12-31",
    "authority": "Deputi Bidang Produksi dan Pemasaran",
    "document_number": "SK-9/2018",
    "signed_on": "2018-02-01",
    "reason": "as Ibu Rahasia wrote",
}
LIFTING = {
    "sanction": 1,
    "code": "objection-upheld",
    "authority": "Deputi Bidang Produksi dan Pemasaran",
    "document_number": "SK-12/2018",
    "signed_on": "2018-02-01",
    "reason": "the hall was closed",
}


def place(enterprise: str) -> str:
    """Return the path of this enterprise's application."""
    return f"/applications/{EXHIBITION}.{enterprise}"


@dataclass(frozen=True, kw_only=True)
class Registry:
    """The API of the service, the publisher of other services' events, and the clock."""

    api: Api
    publisher: Publisher
    clock_file: Path

    def at(self, instant: datetime) -> None:
        """Set the programme clock."""
        write_clock(self.clock_file, instant)

    async def sends(
        self, role: str, path: str, body: object | None = None, **more: Any
    ) -> httpx.Response:
        """Send a command (with an empty body if `body` is None) and return the answer."""
        return await self.api.command(role, path, {} if body is None else body, **more)

    async def done(self, role: str, path: str, body: object | None = None, **more: Any) -> str:
        """Send a command that must succeed, and return the id of its answer."""
        answer = await self.sends(role, path, body, **more)
        assert answer.is_success, answer.text
        id: str = answer.json()["id"]
        return id

    async def applies(self, path: str, enterprise: str, body: object | None = None) -> str:
        """Send a command of this enterprise that must succeed, and return the id of its answer."""
        return await self.done(APPLICANT, path, body, enterprise=enterprise)

    async def gets(
        self, path: str, role: str = AUDITOR, *, enterprise: str | None = None, **parameters: str
    ) -> dict[str, Any]:
        """Return the answer of a query that must succeed; `path` may be the `next` of a page."""
        parameters = dict(httpx.URL(path).params) | parameters
        answer = await self.api.query(role, path, enterprise=enterprise, **parameters)
        assert answer.is_success, answer.text
        response: dict[str, Any] = answer.json()
        return response

    async def status(self, path: str) -> str:
        """Return the status of an exhibition or application."""
        status: str = (await self.gets(path))["status"]
        return status

    async def receives(self, subject: str, *events: Event) -> None:
        """Publish these events, and wait until the service has done everything that they cause."""
        await self.publisher.publish(subject, *events)
        await self.settles()

    async def settles(self) -> None:
        """Wait until the service has nothing left to do; overdue deadlines are done too."""
        await settled(self.api.service)

    async def stored(self) -> dict[str, list[dict[str, Any]]]:
        """Wait until the service is at rest, and return all documents that requests can change."""
        await self.settles()
        database = self.api.service.engine.database
        names = sorted({*await database.collection_names()} - OF_THE_WORKER)
        return {name: await self._all_of(name) for name in names}

    async def _all_of(self, name: str) -> list[dict[str, Any]]:
        found = self.api.service.engine.database.collection(name).find({}).sort("_id", 1)
        return [document async for document in found]

    async def published(self) -> list[str]:
        """Return every message of this service's topic in full, as text."""
        await self.settles()
        settings = self.api.service.engine.settings
        messages = await asyncio.to_thread(lambda: list(read_topics(settings, ["registration"])))
        return [json.dumps(message.stored(), default=bytes.decode) for message in messages]

    async def planned(self) -> None:
        """Announce the programme and its rule set, propose the exhibition and plan it."""
        await self.done(PLANNER, "/programmes", PROGRAMME)
        await self.done(PLANNER, "/rule-sets", RULE_SET)
        await self.done(PLANNER, "/exhibitions", PROPOSAL)
        await self.done(PLANNER, f"{EXHIBITION_PATH}/plan", PLAN)

    async def calling(self) -> None:
        """Plan the exhibition and open its call."""
        await self.planned()
        await self.called()

    async def called(self) -> None:
        """Receive the rubric and open the call of the planned exhibition."""
        await self.receives(RUBRIC.rubric, RUBRIC)
        await self.done(PLANNER, f"{EXHIBITION_PATH}/call", CALL)

    async def registered(self, number: int) -> str:
        """Register an enterprise with a licence, and return its id."""
        by = {"actor": "registrar"}
        enterprise = await self.done(VERIFIER, "/enterprises", form(number), **by)
        await self.done(VERIFIER, f"/enterprises/{enterprise}/documents", LICENCE, **by)
        return enterprise

    async def submitted(self, number: int) -> str:
        """Register an enterprise that applies, and return its id."""
        enterprise = await self.registered(number)
        await self.applies(APPLYING, enterprise, {"enterprise": enterprise, "capacity": 5})
        return enterprise

    async def eligible(self, number: int) -> str:
        """Register an enterprise whose application is found eligible, and return its id."""
        enterprise = await self.submitted(number)
        await self.done(VERIFIER, f"{place(enterprise)}/verification")
        return enterprise

    async def verified(self) -> None:
        """Let the call close by itself, and close its verification."""
        self.at(CLOSES_AT + CLOSING_GRACE)
        await self.settles()
        await self.done(VERIFIER, f"{EXHIBITION_PATH}/verification-closure")

    async def offered(self, enterprise: str, deadline_at: datetime | None = None) -> None:
        """Offer the enterprise a seat."""
        until = deadline_at or CLOSES_AT + timedelta(days=7)
        application = f"{EXHIBITION}.{enterprise}"
        offer = PlaceOffered(
            application=application,
            deadline_at=until,
            offer_hours=72,
            latest_at=until,
            **EXHIBITION_FIELDS,
        )
        await self.receives(EXHIBITION, offer)

    async def confirmed(self, enterprises: Sequence[str]) -> None:
        """Receive the confirmations of these enterprises and the decree of the round."""
        annex = tuple(f"{EXHIBITION}.{enterprise}" for enterprise in enterprises)
        confirmations = [
            PlaceConfirmed(application=application, **EXHIBITION_FIELDS) for application in annex
        ]
        decree = ParticipantsDecreed(
            number="SK-12/2018", signed_on=CLOSES_AT.date(), annex=annex, **EXHIBITION_FIELDS
        )
        await self.receives(EXHIBITION, *confirmations, decree)


def approved(selected: Sequence[str], reserve: Sequence[str] = ()) -> SelectionApproved:
    """Return an approval whose two lists are these enterprises, in order."""
    seats, waiting = (
        tuple(f"{EXHIBITION}.{enterprise}" for enterprise in some) for some in (selected, reserve)
    )
    return SelectionApproved(
        approved_on=CLOSES_AT.date(), selected=seats, reserve=waiting, **EXHIBITION_FIELDS
    )
