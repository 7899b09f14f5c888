"""The tasks of an enterprise in registration: what waits for it in its own applications."""

from typing import Any

from services.registration.api.facts import briefings_of
from services.registration.domain.application.commitment import PLACED, commitment_due_at
from services.registration.domain.application.decider import application
from services.registration.domain.application.renewal import RENEWABLE, renewal_due_at
from services.registration.domain.application.state import Application
from services.registration.domain.application.state import Status as ApplicationStatus
from services.registration.domain.briefing.state import is_coming
from services.registration.domain.draft import Draft, draft
from shared.contracts.labels import Label
from shared.http import (
    Caller,
    Role,
    Task,
)
from shared.kernel.answers import Found
from shared.service import Service


async def _coming(service: Service, found: Found[Any]) -> bool:
    briefings = (await briefings_of(service, found.state.exhibition)).values()
    return any(is_coming(each, service.now()) for each in briefings)


def _is_coming(coming: bool, caller: Caller) -> bool:
    return coming


def _is_open(state: Draft, caller: Caller) -> bool:
    return state.content is not None


def _owes_letter(state: Application, caller: Caller) -> bool:
    return commitment_due_at(state) is not None


def _missing(state: Application, caller: Caller) -> bool:
    return renewal_due_at(state) is not None


APPLICANT_TASKS = (
    Task(
        name="submit-draft",
        label=Label(id="Ajukan atau hapus konsep permohonan", en="Submit or discard your draft"),
        role=Role.ENTERPRISE,
        source=draft,
        method="GET",
        href="/drafts/{id}",
        own=True,
        visible_to=_is_open,
        due_at=lambda state: state.closes_at,
    ),
    Task(
        name="resubmit-application",
        label=Label(id="Perbaiki permohonan", en="Correct your application"),
        role=Role.ENTERPRISE,
        source=application,
        equal={"status": ApplicationStatus.NEEDS_CORRECTION},
        href="/applications/{id}/resubmission",
        own=True,
        due_at=lambda state: state.deadline_at,
    ),
    *(
        Task(
            name="renew-documents",
            label=Label(id="Perbarui dokumen", en="Renew your documents"),
            role=Role.ENTERPRISE,
            source=application,
            equal={"status": status},
            href="/applications/{id}/document-renewal",
            own=True,
            visible_to=_missing,
            due_at=renewal_due_at,
        )
        for status in sorted(RENEWABLE)
    ),
    *(
        Task(
            name="deliver-commitment",
            label=Label(
                id="Serahkan surat pernyataan kesanggupan", en="Deliver the commitment letter"
            ),
            role=Role.ENTERPRISE,
            source=application,
            equal={"status": status},
            href="/applications/{id}/commitment",
            own=True,
            visible_to=_owes_letter,
            due_at=commitment_due_at,
        )
        for status in sorted(PLACED)
    ),
    *(
        Task(
            name="attend-briefing",
            label=Label(id="Ikuti pembekalan", en="Attend the briefing"),
            role=Role.ENTERPRISE,
            source=application,
            equal={"status": status},
            method="GET",
            href="/applications/{id}/story",
            own=True,
            loads=_coming,
            visible_to=_is_coming,
        )
        for status in sorted(PLACED)
    ),
    Task(
        name="answer-offer",
        label=Label(id="Jawab tawaran tempat", en="Answer the offer of a place"),
        role=Role.ENTERPRISE,
        source=application,
        equal={"status": ApplicationStatus.OFFERED},
        href="/applications/{id}/acceptance",
        own=True,
        due_at=lambda state: state.deadline_at,
    ),
)
