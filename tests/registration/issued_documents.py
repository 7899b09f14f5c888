"""The facts of issued documents for the tests: a round, its applicants, and their words."""

from datetime import date
from typing import Any

from services.registration.domain.selection_record import SelectionRecord
from services.registration.responses.printed.wording import Heading, Named
from services.registration.views import Round, rounds
from shared.contracts.event import Event
from shared.contracts.registration.quota import FirstTimerGroup, ProvinceGroup, Quota
from shared.contracts.selection.approval import (
    ApprovalLevel,
    Authority,
    DecisionMakers,
    LevelApproval,
    Override,
    OverrideCode,
    OverrideEffect,
)
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.objection import ObjectionUpheld
from shared.contracts.selection.round import (
    CandidatesListed,
    CandidateStruck,
    PanelAppointed,
    RoundOpened,
    ScoringClosed,
    SelectionApproved,
)
from shared.contracts.selection.round_codes import LossReason, ObjectionGround
from shared.contracts.selection.round_seats import (
    AmendmentRecorded,
    AnnexAmended,
    ParticipantsDecreed,
    PlaceLost,
    ReservePromoted,
    SignedDocument,
)
from shared.kernel.view import Mirror
from tests.registration.examples import (
    APPLICANT,
    ENDS_ON,
    EXHIBITION,
    EXHIBITION_FIELDS,
    JAKARTA,
    STARTS_ON,
)

HEADING = Heading(
    number="BA-7/Dep.3/2018",
    issued_on=date(2018, 3, 20),
    position="Deputi Bidang Produksi dan Pemasaran",
    signatory="",
)
QUOTAS = (
    Quota(code="pemula", group=FirstTimerGroup(form="first-timers"), minimum=2),
    Quota(code="jakarta", group=ProvinceGroup(form="provinces", provinces=(JAKARTA,)), maximum=5),
)
OPENED = RoundOpened(
    places=3,
    quotas=QUOTAS,
    rubric="kukm-2018-1",
    threshold=6_000,
    sheets_min=3,
    offer_hours=72,
    starts_on=STARTS_ON,
    ends_on=ENDS_ON,
    **EXHIBITION_FIELDS,
)
PANEL = PanelAppointed(size=5, **EXHIBITION_FIELDS)
APPROVED_ON = date(2018, 3, 12)
SIGNED_ON = date(2018, 3, 15)
FUNDS = Funds(ceiling_idr=250_000_000, place_cost_idr=100_000_000)
PEOPLE = DecisionMakers(
    scored_by=("curator-ani", "curator-budi"),
    closed_by="officer-1",
    proposed_by="officer-1",
    approvals=(
        LevelApproval(level=ApprovalLevel.TECHNICAL, account="approver-1", approved_on=APPROVED_ON),
        LevelApproval(level=ApprovalLevel.DEPUTY, account="deputy-1", approved_on=APPROVED_ON),
    ),
)


def applications(*numbers: int) -> tuple[str, ...]:
    """Return the applications of the enterprises with these serials."""
    return tuple(f"{EXHIBITION}.e-{number}" for number in numbers)


def listed(*numbers: int) -> CandidatesListed:
    """List these as the candidates."""
    return CandidatesListed(applications=applications(*numbers), **EXHIBITION_FIELDS)


def closed(*numbers: int, closing: int = 1) -> ScoringClosed:
    """Close the scoring of these."""
    return ScoringClosed(
        closing=closing,
        sheets_min=3,
        applications=applications(*numbers),
        **EXHIBITION_FIELDS,
    )


def approval(
    selected: tuple[int, ...], reserve: tuple[int, ...] = (), **more: Any
) -> SelectionApproved:
    """Approve these two lists, with what else the event has."""
    return SelectionApproved(
        approved_on=APPROVED_ON,
        selected=applications(*selected),
        reserve=applications(*reserve),
        **more,
        **EXHIBITION_FIELDS,
    )


def override(number: int, effect: OverrideEffect = OverrideEffect.ADMITTED) -> Override:
    """Return the override of the minister for this candidate."""
    (id,) = applications(number)
    return Override(
        application=id,
        effect=effect,
        code=OverrideCode.PUBLIC_INTEREST,
        authority=Authority.MINISTER,
        document=SignedDocument(number="ND-12/2018", signed_on=SIGNED_ON),
    )


def upheld(number: int) -> ObjectionUpheld:
    """Uphold the objection of this applicant."""
    (id,) = applications(number)
    return ObjectionUpheld(
        application=id,
        ground=ObjectionGround.SCORE,
        number="S-4/2018",
        signed_on=SIGNED_ON,
        from_reserve=False,
        **EXHIBITION_FIELDS,
    )


def lost(number: int, reason: LossReason = "objection-upheld") -> PlaceLost:
    """Take the seat of this one."""
    (id,) = applications(number)
    return PlaceLost(application=id, reason=reason, **EXHIBITION_FIELDS)


def promoted(number: int) -> ReservePromoted:
    """Give a seat to the next of the reserve list."""
    (id,) = applications(number)
    return ReservePromoted(application=id, **EXHIBITION_FIELDS)


def struck(number: int) -> CandidateStruck:
    """Strike a candidate without a seat."""
    (id,) = applications(number)
    return CandidateStruck(application=id, **EXHIBITION_FIELDS)


def decree(*numbers: int) -> ParticipantsDecreed:
    """Decree these participants."""
    return ParticipantsDecreed(
        number="SK-12/2018",
        signed_on=SIGNED_ON,
        annex=applications(*numbers),
        **EXHIBITION_FIELDS,
    )


def amended(number: int, document: str | None = None) -> AnnexAmended:
    """Take a participant off the annex, perhaps by a signed document."""
    signed = SignedDocument(number=document, signed_on=SIGNED_ON) if document else None
    (id,) = applications(number)
    return AnnexAmended(without=id, document=signed, **EXHIBITION_FIELDS)


def amendment(document: str, *numbers: int) -> AmendmentRecorded:
    """Record the signed document of these amendments."""
    return AmendmentRecorded(
        number=document,
        signed_on=SIGNED_ON,
        without=applications(*numbers),
        **EXHIBITION_FIELDS,
    )


def round_after(*events: Event) -> Round:
    """Return registration's mirror of the round after these events."""
    state: Round | None = None
    mirror: Mirror[Round, Any] = rounds
    for event in events:
        state = mirror.evolve(state, event)
    assert state is not None, "there is an event"
    return state


def record_after(*events: Event) -> SelectionRecord:
    """Return the record of the round after these events."""
    return round_after(*events).record


def named(*numbers: int, name: str = "Koperasi Fiktif") -> dict[str, Named]:
    """Return these applicants by their applications."""
    return {
        id: Named(
            name=f"{name} {number}",
            applicant=APPLICANT.model_copy(update={"enterprise": f"e-{number}"}),
        )
        for number, id in zip(numbers, applications(*numbers), strict=True)
    }
