"""The responses about enterprises and results: the fields that each reader may see.

Only some readers see names and the numbers of documents. No reader sees the hashes of identifiers.
Each response names its fields, so a field that is added to a state later stays hidden.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.registration.domain.application.state import Application, Decision, Status
from services.registration.domain.enterprise.state import Enterprise
from services.registration.views import Round
from shared.contracts.registration.application import CorrectionField
from shared.contracts.registration.enterprise import DocumentKind, FiledDocument
from shared.contracts.words import Applicant, Province, Requirement


@dataclass(frozen=True, kw_only=True)
class DocumentResponse:
    """A document; `number` is None for readers who may not see it."""

    document: DocumentKind
    issuer: str | None
    number: str | None
    issued_on: date
    expires_on: date | None


@dataclass(frozen=True, kw_only=True)
class EnterpriseResponse:
    """An enterprise; names, figures and products are None for readers who may not see them."""

    name: str | None
    representative: str | None
    cooperative: bool
    province: Province
    sector: str
    net_assets_idr: int | None
    annual_sales_idr: int | None
    earlier_participations: int
    products: tuple[str, ...] | None
    documents: tuple[DocumentResponse, ...]


@dataclass(frozen=True, kw_only=True)
class ApplicationResponse:
    """An application; `name` and `words` are None for readers who may not see them.

    `name` is the name of its enterprise, `words` are those of a person.
    """

    exhibition: str
    enterprise: str
    name: str | None
    status: Status
    decision: Decision
    applicant: Applicant
    submitted_at: datetime
    capacity: int
    documents: tuple[FiledDocument, ...]
    requirements: tuple[Requirement, ...]
    sectors: tuple[str, ...]
    valid_through: date
    reasons: tuple[str, ...]
    words: str | None
    corrections: tuple[CorrectionField, ...]
    deadline_at: datetime | None
    slot: int | None
    place: int | None
    after_decree: bool
    contested: bool


@dataclass(frozen=True, kw_only=True)
class DossierResponse:
    """The papers of an application for those who judge it: no figures, no numbers of documents.

    `documents` are those that the submission froze; the issuer is None where another document of
    the kind was filed since. `capacity` counts units a month.
    """

    exhibition: str
    enterprise: str
    name: str
    applicant: Applicant
    products: tuple[str, ...]
    capacity: int
    documents: tuple[DocumentResponse, ...]
    requirements: tuple[Requirement, ...]
    submitted_at: datetime


@dataclass(frozen=True, kw_only=True)
class CandidateNameResponse:
    """The name of an applicant, for the curators of its exhibition."""

    enterprise: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of the selection for an application; `place` counts the reserve list from 1."""

    outcome: Literal["selected", "reserve", "not-selected"]
    place: int | None = None


def enterprise_response(state: Enterprise, *, sees_private: bool) -> EnterpriseResponse:
    """Return the enterprise, with its private fields only if the reader sees them."""
    return EnterpriseResponse(
        name=state.name if sees_private else None,
        representative=state.representative if sees_private else None,
        cooperative=state.cooperative,
        province=state.province,
        sector=state.sector,
        net_assets_idr=state.net_assets_idr if sees_private else None,
        annual_sales_idr=state.annual_sales_idr if sees_private else None,
        earlier_participations=state.earlier_participations,
        products=state.products if sees_private else None,
        documents=tuple(
            DocumentResponse(
                document=kind,
                issuer=document.issuer,
                number=document.number if sees_private else None,
                issued_on=document.issued_on,
                expires_on=document.expires_on,
            )
            for kind, document in sorted(state.documents.items())
        ),
    )


def application_response(
    state: Application, name: str | None, *, sees_private: bool
) -> ApplicationResponse:
    """Return the application, with name and words only if the reader sees them."""
    return ApplicationResponse(
        exhibition=state.exhibition,
        enterprise=state.enterprise,
        name=name if sees_private else None,
        status=state.status,
        decision=state.decision,
        applicant=state.applicant,
        submitted_at=state.submitted_at,
        capacity=state.capacity,
        documents=state.documents,
        requirements=state.requirements,
        sectors=state.sectors,
        valid_through=state.valid_through,
        reasons=state.reasons,
        words=state.words if sees_private else None,
        corrections=state.corrections,
        deadline_at=state.deadline_at,
        slot=state.slot,
        place=state.place,
        after_decree=state.after_decree,
        contested=state.contested,
    )


def dossier_response(state: Application, enterprise: Enterprise) -> DossierResponse:
    """Return the dossier of an application of this enterprise."""
    return DossierResponse(
        exhibition=state.exhibition,
        enterprise=state.enterprise,
        name=enterprise.name,
        applicant=state.applicant,
        products=enterprise.products,
        capacity=state.capacity,
        documents=tuple(_frozen(document, enterprise) for document in state.documents),
        requirements=state.requirements,
        submitted_at=state.submitted_at,
    )


def _frozen(document: FiledDocument, enterprise: Enterprise) -> DocumentResponse:
    filed = enterprise.documents.get(document.document)
    is_same = filed is not None and filed.issued_on == document.issued_on
    return DocumentResponse(
        document=document.document,
        issuer=filed.issuer if filed is not None and is_same else None,
        number=None,
        issued_on=document.issued_on,
        expires_on=document.expires_on,
    )


def result_of(state: Application, selection_round: Round | None) -> Result | None:
    """Return the result of the selection for an application, or None.

    There is no result before the approval, and none for an application that was not in the
    selection. An eligible application in neither list was scored below the threshold.
    """
    if selection_round is None or selection_round.selected is None:
        return None
    if state.enterprise in selection_round.selected:
        return Result(outcome="selected")
    if state.enterprise in selection_round.reserve:
        place = selection_round.reserve.index(state.enterprise) + 1
        return Result(outcome="reserve", place=place)
    return Result(outcome="not-selected") if state.status is Status.ELIGIBLE else None
