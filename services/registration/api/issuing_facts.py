"""Load what an issued document states: its basis, its words, and how it stands.

Facts that change between the load and the write make a document that is outdated at once, as if it
had been issued a moment earlier.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from services.registration.api.facts import load_enterprise, load_exhibition
from services.registration.domain.application.decider import application
from services.registration.domain.exhibition.state import Exhibition
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from services.registration.domain.issued_document.basis import (
    AnnexBasis,
    Basis,
    LetterBasis,
    MinutesBasis,
    named,
)
from services.registration.domain.issued_document.decider import (
    IssueDocument,
    IssueLetter,
    IssuingFacts,
    issued_document,
)
from services.registration.domain.issued_document.state import (
    IssuedDocument,
    Standing,
    Status,
    slot_of,
    standing,
)
from services.registration.domain.selection_record import SelectionRecord
from services.registration.responses.application import Result, result_of
from services.registration.responses.printed.annex import annex
from services.registration.responses.printed.letter import letter
from services.registration.responses.printed.minutes import minutes
from services.registration.responses.printed.wording import Earlier, Heading, Named
from services.registration.views import rounds
from shared.contracts.calendar import jakarta_date
from shared.contracts.ids import application_id, enterprise_of
from shared.contracts.printed_document import PrintedDocument
from shared.contracts.registration.issued_document import IssuedKind
from shared.kernel.decider import Context
from shared.service import Service


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The subject of a document: its kind, its exhibition, and the addressee of a letter."""

    kind: IssuedKind
    exhibition: str
    enterprise: str | None = None

    @property
    def slot(self) -> str:
        """Return the slot of its documents."""
        return slot_of(self.kind, self.exhibition, self.enterprise)


def subject_of(state: IssuedDocument) -> Subject:
    """Return the subject of a document that was issued."""
    return Subject(
        kind=state.document_kind, exhibition=state.exhibition, enterprise=state.enterprise
    )


@dataclass(frozen=True, kw_only=True)
class Stated:
    """The facts that a document of an exhibition states; a letter tells the `result`."""

    exhibition: str
    held: Exhibition
    basis: Basis
    result: Result | None = None


async def issuing_facts(
    service: Service,
    subject: Subject,
    command: IssueDocument | IssueLetter,
    context: Context,
    *,
    salt: str,
) -> IssuingFacts:
    """Return the facts of a document that is to be issued. Raises `NotFound`."""
    stated, alike = await _stated(service, subject), await _alike(service, subject.slot)
    heading = Heading(
        number=command.number,
        issued_on=jakarta_date(context.now),
        position=command.position,
        signatory=command.signatory or "",
        earlier=_earlier(alike),
    )
    return IssuingFacts(
        exhibition=subject.exhibition,
        programme=stated.held.programme,
        scope=stated.held.scope,
        basis=stated.basis,
        words=await _words(service, stated, heading) if named(stated.basis) else None,
        salt=salt,
        before=max((each.serial for each in alike), default=0),
    )


async def standing_of(service: Service, state: IssuedDocument) -> Standing:
    """Return how a document stands now."""
    if state.status is Status.REVOKED:
        return Standing.REVOKED
    stated = await _stated(service, subject_of(state))
    return standing(state, await _alike(service, state.slot), named(stated.basis))


async def _alike(service: Service, slot: str) -> list[IssuedDocument]:
    """Return the documents of this slot."""
    # One that is issued or revoked during the read counts or does not: both orders are possible.
    return [
        found.state
        async for found in service.find_all(issued_document, slot=slot)
        if found.state is not None
    ]


def _earlier(alike: Sequence[IssuedDocument]) -> Earlier | None:
    """Return the document that the next of its slot supersedes: the last that is not revoked."""
    live = [each for each in alike if each.status is not Status.REVOKED]
    if not live:
        return None
    last = max(live, key=lambda each: each.serial)
    return Earlier(number=last.number, issued_on=last.issued_on)


async def _stated(service: Service, subject: Subject) -> Stated:
    exhibition = subject.exhibition
    held = await load_exhibition(service, exhibition)
    selection_round = await service.load(rounds, exhibition)
    record = selection_round.record if selection_round else SelectionRecord()
    cancelled = held.status is ExhibitionStatus.CANCELLED
    basis: Basis
    match subject.kind:
        case IssuedKind.DECISION_LETTER:
            addressee = subject.enterprise
            assert addressee is not None, "a letter has an addressee"
            id = application_id(exhibition, addressee)
            applied = (await service.get(application, id)).state
            assert applied is not None, "an application is stored with its submission"
            result = result_of(applied, selection_round)
            outcome = result.outcome.value if result else None
            basis = LetterBasis(enterprise=addressee, outcome=outcome)
            return Stated(exhibition=exhibition, held=held, basis=basis, result=result)
        case IssuedKind.SELECTION_MINUTES:
            basis = MinutesBasis(record=record, cancelled=cancelled)
        case IssuedKind.DECREE_ANNEX:
            basis = AnnexBasis(decree=record.decree, cancelled=cancelled)
        case _:
            assert_never(subject.kind)
    return Stated(exhibition=exhibition, held=held, basis=basis)


async def _words(service: Service, stated: Stated, heading: Heading) -> PrintedDocument:
    basis, held = stated.basis, stated.held
    match basis:
        case LetterBasis():
            assert stated.result is not None, "a letter tells a result"
            id = application_id(stated.exhibition, basis.enterprise)
            return letter(heading, held, (await _named(service, [id]))[id], stated.result)
        case MinutesBasis():
            return minutes(heading, held, basis.record, await _named_in(service, basis.record))
        case AnnexBasis():
            decree = basis.decree
            assert decree is not None, "an annex is of a decree"
            taken = [id for amendment in decree.amendments for id in amendment.without]
            return annex(heading, held, decree, await _named(service, (*decree.annex, *taken)))
        case _:
            assert_never(basis)


async def _named_in(service: Service, record: SelectionRecord) -> dict[str, Named]:
    """Return the applicants whom the minutes of an approved selection name."""
    approval = record.approval
    assert approval is not None, "minutes are of an approved selection"
    named = {
        *approval.selected,
        *approval.reserve,
        *(each.application for each in approval.overrides),
        *(each.application for each in record.upheld),
        *(each.instead_of for each in record.upheld if each.instead_of),
    }
    return await _named(service, sorted(named))


async def _named(service: Service, applications: Sequence[str]) -> dict[str, Named]:
    """Return the applicants of these applications with their present names."""
    found = await asyncio.gather(*(_applicant(service, each) for each in applications))
    return dict(zip(applications, found, strict=True))


async def _applicant(service: Service, id: str) -> Named:
    applied, applicant = await asyncio.gather(
        service.load(application, id), load_enterprise(service, enterprise_of(id))
    )
    assert applied is not None, "a candidate of selection has applied here"
    return Named(name=applicant.name, applicant=applied.applicant)
