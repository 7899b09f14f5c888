"""The responses about an application: its fields, its result, and its dossier."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.registration.domain.application.commitment import commitment_due_at
from services.registration.domain.application.state import Application, Decision, Status
from services.registration.domain.enterprise.state import Enterprise
from services.registration.responses.check_in import CheckInResponse, check_in_responses
from services.registration.views import Round
from shared.contracts.registration.application_codes import (
    Channel,
    ClosingResult,
    CorrectionField,
    Finding,
)
from shared.contracts.registration.document import FrozenDocument
from shared.contracts.registration.enterprise import Product
from shared.contracts.registration.quota import QuotaStop
from shared.contracts.registration.rule_set import Standard
from shared.contracts.words import Applicant


class Outcome(StrEnum):
    """The outcome of an application: of the selection while it is open, then its own end."""

    SELECTED = "selected"
    RESERVE = "reserve"
    NOT_SELECTED = "not-selected"
    GATE_NOT_PASSED = "gate-not-passed"
    RESERVE_NOT_REACHED = "reserve-not-reached"
    EXHIBITION_CANCELLED = "exhibition-cancelled"
    NOT_DECIDED = "not-decided"
    INELIGIBLE = "ineligible"
    DECLINED = "declined"
    OFFER_EXPIRED = "offer-expired"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


OUTCOMES = {
    Status.INELIGIBLE: Outcome.INELIGIBLE,
    Status.OFFERED: Outcome.SELECTED,
    Status.ACCEPTED: Outcome.SELECTED,
    Status.CONFIRMED: Outcome.SELECTED,
    Status.ATTENDED: Outcome.SELECTED,
    Status.ABSENT: Outcome.SELECTED,
    Status.DECLINED: Outcome.DECLINED,
    Status.OFFER_EXPIRED: Outcome.OFFER_EXPIRED,
    Status.WITHDRAWN: Outcome.WITHDRAWN,
    Status.LAPSED: Outcome.LAPSED,
}
"""The outcomes that follow from the status alone."""

CLOSINGS = {
    ClosingResult.RESERVE: Outcome.RESERVE_NOT_REACHED,
    ClosingResult.BELOW_THRESHOLD: Outcome.NOT_SELECTED,
    ClosingResult.GATE: Outcome.GATE_NOT_PASSED,
    ClosingResult.CANCELLED: Outcome.EXHIBITION_CANCELLED,
    ClosingResult.NOT_DECIDED: Outcome.NOT_DECIDED,
}
"""The outcomes of an application that was closed, by its reason."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of an application; `place` counts the reserve list from 1.

    `passed_over` is the quota because of which a lower rank got a place before it, or a place stays
    free. Who is not selected may object until `objections_until`, in selection, which says so if
    the exhibition has been rescheduled since.
    """

    outcome: Outcome
    place: int | None = None
    passed_over: QuotaStop | None = None
    objections_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CommitmentResponse:
    """A commitment letter that was delivered; `sha256` (of its file) as the reader may see it."""

    document: str
    signed_on: date
    sha256: str | None


@dataclass(frozen=True, kw_only=True)
class ApplicationResponse:
    """An application; what a reader may not see is None.

    `channel` has proposed its enterprise by the document `letter`, which `office` signed.
    `name` is the name of its enterprise, `words` are those of a person, `findings` those of an
    officer about its documents, who has found no name on the `nameless_photographs`.
    """

    exhibition: str
    enterprise: str
    name: str | None
    status: Status
    decision: Decision
    applicant: Applicant
    submitted_at: datetime
    capacity: int
    documents: tuple[FrozenDocument, ...]
    rule_set: str
    requirements: tuple[str, ...]
    standards: tuple[Standard, ...]
    sectors: tuple[str, ...]
    valid_through: date
    channel: Channel
    letter: str | None
    office: str | None
    findings: tuple[Finding, ...] | None
    nameless_photographs: tuple[str, ...] | None
    reasons: tuple[str, ...]
    words: str | None
    corrections: tuple[CorrectionField, ...]
    wanted_rules: tuple[str, ...]
    deadline_at: datetime | None
    missing: tuple[str, ...]
    renewal_due_at: datetime | None
    commitment: CommitmentResponse | None
    commitment_due_at: datetime | None
    slot: int | None
    place: int | None
    after_decree: bool
    check_ins: tuple[CheckInResponse, ...]
    contested: bool
    result: Result | None


@dataclass(frozen=True, kw_only=True)
class DossierResponse:
    """The papers of an application for those who judge it: no figures, no numbers of documents.

    `documents` are those that the application froze, and `files` those of them that have a file.
    While the rubric hides names there is neither `name` nor `office` nor a file, and no photograph
    of a product but those on which an officer has found no name. `channel` has proposed the
    enterprise by the document `letter`, which `office` signed. `capacity` counts units a month.
    """

    exhibition: str
    enterprise: str
    name: str | None
    applicant: Applicant
    products: tuple[Product, ...]
    capacity: int
    documents: tuple[FrozenDocument, ...]
    files: tuple[str, ...]
    channel: Channel
    letter: str | None
    office: str | None
    requirements: tuple[str, ...]
    submitted_at: datetime


@dataclass(frozen=True, kw_only=True)
class CandidateNameResponse:
    """The name of an applicant, for the curators of its exhibition."""

    enterprise: str
    name: str


def application_response(
    state: Application, selection_round: Round | None, name: str | None, *, sees_private: bool
) -> ApplicationResponse:
    """Return the application with its result; `name` as the reader sees it, words by its right."""
    return ApplicationResponse(
        exhibition=state.exhibition,
        enterprise=state.enterprise,
        name=name,
        status=state.status,
        decision=state.decision,
        applicant=state.applicant,
        submitted_at=state.submitted_at,
        capacity=state.capacity,
        documents=state.documents,
        rule_set=state.rule_set,
        requirements=state.requirements,
        standards=state.standards,
        sectors=state.sectors,
        valid_through=state.valid_through,
        channel=state.channel,
        letter=state.letter,
        office=state.office if sees_private else None,
        findings=state.findings if sees_private else None,
        nameless_photographs=state.nameless_photographs if sees_private else None,
        reasons=state.reasons,
        words=state.words if sees_private else None,
        corrections=state.corrections,
        wanted_rules=state.wanted_rules,
        deadline_at=state.deadline_at,
        missing=state.missing,
        renewal_due_at=state.renewal_due_at,
        commitment=_commitment(state, sees_private=sees_private),
        commitment_due_at=commitment_due_at(state),
        slot=state.slot,
        place=state.place,
        after_decree=state.after_decree,
        check_ins=check_in_responses(state),
        contested=state.contested,
        result=result_of(state, selection_round),
    )


def _commitment(state: Application, *, sees_private: bool) -> CommitmentResponse | None:
    letter = state.commitment
    if letter is None:
        return None
    return CommitmentResponse(
        document=letter.document,
        signed_on=letter.signed_on,
        sha256=letter.sha256 if sees_private else None,
    )


def dossier_response(
    state: Application, enterprise: Enterprise, *, sees_names: bool
) -> DossierResponse:
    """Return the dossier of an application of this enterprise; its papers carry its name."""
    return DossierResponse(
        exhibition=state.exhibition,
        enterprise=state.enterprise,
        name=enterprise.name if sees_names else None,
        applicant=state.applicant,
        products=tuple(
            product if sees_names else _without_names(product, state.nameless_photographs)
            for product in enterprise.products
        ),
        capacity=state.capacity,
        documents=state.documents,
        files=tuple(file.document for file in state.files) if sees_names else (),
        channel=state.channel,
        letter=state.letter,
        office=state.office if sees_names else None,
        requirements=state.requirements,
        submitted_at=state.submitted_at,
    )


def _without_names(product: Product, nameless: Collection[str]) -> Product:
    shown = tuple(file for file in product.photographs if file in nameless)
    return product.model_copy(update={"photographs": shown})


def result_of(state: Application, selection_round: Round | None) -> Result | None:
    """Return the result of an application, or None while there is none.

    The round says how an application stands that waits for a place: there is nothing to say before
    the approval, and one in neither list was scored below the threshold. From the offer on it is
    the application itself that says it, and the round is not asked: an end stays as it is.
    """
    if state.status is Status.CLOSED:
        (reason,) = state.reasons
        return Result(
            outcome=CLOSINGS[ClosingResult(reason)],
            place=state.place,
            passed_over=state.passed_over,
        )
    if state.status is Status.ELIGIBLE:
        return _standing(state.enterprise, selection_round)
    outcome = OUTCOMES.get(state.status)
    return Result(outcome=outcome) if outcome else None


def _standing(enterprise: str, selection_round: Round | None) -> Result | None:
    if selection_round is None or selection_round.selected is None:
        return None
    if enterprise in selection_round.selected:
        return Result(outcome=Outcome.SELECTED)
    if enterprise in selection_round.reserve:
        place = selection_round.reserve.index(enterprise) + 1
        stop = selection_round.passed_over.get(enterprise)
        return Result(
            outcome=Outcome.RESERVE,
            place=place,
            passed_over=stop,
            objections_until=selection_round.objections_until,
        )
    stopped = enterprise in selection_round.not_passed
    return Result(
        outcome=Outcome.GATE_NOT_PASSED if stopped else Outcome.NOT_SELECTED,
        objections_until=selection_round.objections_until,
    )
