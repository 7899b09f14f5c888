"""Example events for the tests of budget: exhibition `inacraft-2018`, small amounts."""

from datetime import date
from typing import TypedDict

from services.budget.domain.allocation.state import AllocationBalances
from services.budget.domain.envelope.state import EnvelopeBalances
from shared.contracts.budget.allocation import (
    AllocationClosed,
    AllocationRaised,
    CommitmentContracted,
    DeliveryRecorded,
    FundingRequested,
    PaymentDisbursed,
    PaymentOrdered,
    PlaceFunded,
)
from shared.contracts.budget.envelope import AllotmentMade, EnvelopeOpened
from shared.contracts.registration.application import ParticipantAbsent
from shared.contracts.selection.round import SelectionApproved
from shared.contracts.selection.round_seats import (
    AnnexAmended,
    ParticipantsDecreed,
    PlaceLost,
    ReservePromoted,
    RoundCancelled,
)
from shared.contracts.words import Applicant, Province, Scope, SizeClass

EXHIBITION = "inacraft-2018"
A, B, C, D = (f"{EXHIBITION}.{enterprise}" for enterprise in "abcd")
OFFICER, CASHIER, PAYER = "budget-officer-1", "payment-officer-1", "payment-officer-2"
DECREED_ON, SIGNED_ON = date(2018, 1, 15), date(2018, 1, 20)
ORDERED_ON, DELIVERED_ON, PAID_ON = date(2018, 1, 25), date(2018, 1, 26), date(2018, 1, 30)


def pagu(pagu_idr: int, blocked_idr: int = 0, allotted_idr: int = 0) -> EnvelopeBalances:
    """Return the fields of an event of envelope 2018.DOMESTIC, with these balances after it."""
    return EnvelopeBalances(
        programme="2018",
        scope=Scope.DOMESTIC,
        pagu_idr=pagu_idr,
        blocked_idr=blocked_idr,
        allotted_idr=allotted_idr,
    )


def money(
    ceiling_idr: int, reserved_idr: int = 0, contracted_idr: int = 0, realised_idr: int = 0
) -> AllocationBalances:
    """Return the fields of an event of the allocation, with these balances after it."""
    return AllocationBalances(
        exhibition=EXHIBITION,
        programme="2018",
        scope=Scope.DOMESTIC,
        ceiling_idr=ceiling_idr,
        reserved_idr=reserved_idr,
        contracted_idr=contracted_idr,
        realised_idr=realised_idr,
    )


DAY = date(2018, 1, 31)
OPENED = EnvelopeOpened(
    document_number="SP DIPA-044.01/2018", effective_on=DAY, posted_by=OFFICER, **pagu(1_000)
)
ALLOTTED = AllotmentMade(
    document_number="ND-7/Dep.3/2018",
    effective_on=DAY,
    posted_by=OFFICER,
    exhibition=EXHIBITION,
    amount_idr=100,
    unit_cost_idr=40,
    **pagu(1_000, 0, 100),
)

RAISED = AllocationRaised(amount_idr=100, unit_cost_idr=40, **money(100))
REQUESTED = FundingRequested(applications=(A, B, C), **money(100))
FUNDED_A = PlaceFunded(application=A, amount_idr=40, **money(100, 40))
FUNDED_B = PlaceFunded(application=B, amount_idr=40, **money(100, 80))
CONTRACTED = CommitmentContracted(
    contract="k-1",
    signed_on=SIGNED_ON,
    applications=(A, B),
    amount_idr=80,
    contracted_by=OFFICER,
    **money(100, 0, 80),
)
ORDERED = PaymentOrdered(
    contract="k-1",
    spm="spm-1",
    ordered_on=ORDERED_ON,
    amount_idr=50,
    ordered_by=CASHIER,
    **money(100, 0, 80),
)
DELIVERED = DeliveryRecorded(
    contract="k-1",
    document_number="BAST-1",
    delivered_on=DELIVERED_ON,
    recorded_by=OFFICER,
    **money(100, 0, 80),
)
PAID = PaymentDisbursed(
    contract="k-1",
    spm="spm-1",
    sp2d="180191302004512",
    paid_on=PAID_ON,
    amount_idr=50,
    disbursed_by=PAYER,
    **money(100, 0, 80, 50),
)
CLOSED = AllocationClosed(**money(100))

FUNDED = (RAISED, REQUESTED, FUNDED_A, FUNDED_B)
"""The ceiling is 100; two places of 40 are reserved, place C waits, and 20 are free."""

BOUND = (*FUNDED, CONTRACTED)
"""Contract `k-1` over 80 binds the two places."""

ALL_PAID = (*BOUND, ORDERED, DELIVERED, PAID)
"""50 of the contract are ordered, delivered and paid."""

APPLICANT = Applicant(
    exhibition=EXHIBITION,
    programme="2018",
    scope=Scope.DOMESTIC,
    enterprise="a",
    province=Province(system="BPS", edition="2018", code="31"),
    sector="14",
    size_class=SizeClass.SMALL,
    cooperative=False,
    first_timer=True,
)


class About(TypedDict):
    """The fields that every event of a round or an exhibition has."""

    exhibition: str
    programme: str
    scope: Scope


ABOUT = About(exhibition=EXHIBITION, programme="2018", scope=Scope.DOMESTIC)
APPROVED = SelectionApproved(approved_on=date(2018, 2, 1), selected=(B, A), reserve=(C,), **ABOUT)
PROMOTED = ReservePromoted(application=C, **ABOUT)
LOST = PlaceLost(application=A, reason="withdrawn", **ABOUT)
DECREED = ParticipantsDecreed(
    number="SK-12/2018", signed_on=date(2018, 3, 1), annex=(A, B), **ABOUT
)
AMENDED = AnnexAmended(without=A, **ABOUT)
CANCELLED = RoundCancelled(**ABOUT)
ABSENT = ParticipantAbsent(applicant=APPLICANT)
