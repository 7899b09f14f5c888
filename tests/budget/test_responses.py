"""The derived figures that readers see, by the formulas of the budget's own reports."""

from dataclasses import replace

from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.state import Allocation
from services.budget.domain.envelope.decider import envelope
from services.budget.domain.envelope.state import Envelope
from services.budget.responses import (
    AllocationFigures,
    EnvelopeFigures,
    ProposedCost,
    ProposedRevision,
    allocation_figures,
    envelope_figures,
    use_of,
)
from shared.contracts.budget.allocation import SunkCostRecognised
from shared.contracts.budget.envelope import PostingCode
from shared.contracts.words import Scope
from tests.budget import test_costs
from tests.budget.examples import ALL_PAID, DAY, EXHIBITION, OFFICER, OPENED, A, money
from tests.budget.test_revisions import NUMBER, PROPOSED
from tests.given import given

ENVELOPE = Envelope(
    programme="2018",
    scope=Scope.DOMESTIC,
    pagu_idr=1_000,
    blocked_idr=100,
    allotted={EXHIBITION: 300, "ifex-2018": 200},
    unit_cost_idr=40,
)


def test_an_envelope_shows_its_balances_and_the_sums_of_its_allocations() -> None:
    cell = {"reserved_idr": 60, "contracted_idr": 240, "realised_idr": 90, "sunk_idr": 40}
    assert envelope_figures(ENVELOPE, cell, words=True) == EnvelopeFigures(
        programme="2018",
        scope=Scope.DOMESTIC,
        pagu_idr=1_000,
        blocked_idr=100,
        effective_idr=900,
        allotted_idr=500,
        unallotted_idr=400,
        reserved_idr=60,
        contracted_idr=240,
        outstanding_idr=150,
        realised_idr=90,
        sunk_idr=40,
        available_idr=600,
        remaining_idr=910,
        allotted={EXHIBITION: 300, "ifex-2018": 200},
        unit_cost_idr=40,
        revision=None,
        cost=None,
    )


def test_a_revision_that_waits_shows_its_words_and_officer_to_some_readers_only() -> None:
    state = given(envelope, OPENED, PROPOSED).state
    assert isinstance(state, Envelope)
    expected = ProposedRevision(
        document_number=NUMBER,
        effective_on=DAY,
        delta_idr=500,
        code=PostingCode.SHIFT,
        reason="to the overseas envelope",
        proposed_by=OFFICER,
    )
    assert envelope_figures(state, {}, words=True).revision == expected
    public = replace(expected, reason=None, proposed_by=None)
    assert envelope_figures(state, {}, words=False).revision == public


def test_a_cost_that_waits_shows_its_words_and_officer_to_some_readers_only() -> None:
    state = given(envelope, OPENED, test_costs.PROPOSED).state
    assert isinstance(state, Envelope)
    expected = ProposedCost(
        document_number=test_costs.NUMBER,
        effective_on=DAY,
        exhibition=EXHIBITION,
        unit_cost_idr=400,
        code=PostingCode.CORRECTION,
        reason="the zeros were left out",
        proposed_by=OFFICER,
    )
    assert envelope_figures(state, {}, words=True).cost == expected
    public = replace(expected, reason=None, proposed_by=None)
    assert envelope_figures(state, {}, words=False).cost == public


def test_all_money_of_an_envelope_without_allocations_is_available() -> None:
    figures = envelope_figures(ENVELOPE, {}, words=False)
    assert (figures.available_idr, figures.remaining_idr) == (900, 1_000)


def test_an_allocation_shows_its_outstanding_sunk_and_free_money() -> None:
    sunk = SunkCostRecognised(application=A, amount_idr=40, **money(100, 0, 80, 50))
    state = given(allocation, *ALL_PAID, sunk).state
    assert isinstance(state, Allocation)
    assert allocation_figures(EXHIBITION, use_of(state)) == AllocationFigures(
        exhibition=EXHIBITION,
        programme="2018",
        scope=Scope.DOMESTIC,
        closed=False,
        ceiling_idr=100,
        unit_cost_idr=40,
        reserved_idr=0,
        contracted_idr=80,
        outstanding_idr=30,
        realised_idr=50,
        sunk_idr=40,
        free_idr=20,
        places_waiting=1,
        places_reserved=0,
        places_contracted=2,
    )
