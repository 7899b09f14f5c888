"""The mirrors of rounds, money and outcomes in reporting, and their contributions to tallies."""

from dataclasses import replace
from datetime import date

from services.reporting.domain.outcome.state import Status
from services.reporting.domain.rate.state import DailyRate
from services.reporting.domain.rate.state import Status as RateStatus
from services.reporting.views import tallies
from services.reporting.views.budget import Allocation, Envelope, allocations, envelopes
from services.reporting.views.own import outcomes, rates
from services.reporting.views.selection import (
    Round,
    rounds,
)
from shared.contracts.budget.allocation import (
    AllocationLowered,
    AllocationRaised,
    PaymentDisbursed,
    PaymentReturned,
    PlaceFunded,
    SunkCostRecognised,
    SunkCostReversed,
)
from shared.contracts.budget.envelope import EnvelopeBlocked, EnvelopeOpened, EnvelopeUnblocked
from shared.contracts.event import Event
from shared.contracts.reporting.outcome import EvidenceKind, FollowUpReported, OutcomeVerified, Rung
from shared.contracts.reporting.rate import RateFixed
from shared.contracts.selection.round import RoundOpened, SelectionApproved
from shared.contracts.selection.round_seats import (
    AnnexAmended,
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    ReservePromoted,
    RoundCancelled,
)
from shared.contracts.words import Scope
from tests.reporting.examples import (
    APPLICANT,
    EXHIBITION,
    ORDERED,
    TODAY,
    USD,
    about,
    folded,
    rupiah,
)

ABOUT = about()
A, B, C = (f"{EXHIBITION}.{enterprise}" for enterprise in "abc")
SELECTED = SelectionApproved(approved_on=date(2018, 2, 1), selected=(A, B), reserve=(C,), **ABOUT)
ROUND = RoundOpened(
    places=2,
    rubric="r-1",
    threshold=7_000,
    sheets_min=3,
    offer_hours=72,
    starts_on=date(2018, 4, 4),
    ends_on=date(2018, 4, 7),
    **ABOUT,
)


def pagu(blocked_idr: int) -> dict[str, object]:
    return {
        "programme": "2018",
        "scope": "OVERSEAS",
        "pagu_idr": 700,
        "blocked_idr": blocked_idr,
        "allotted_idr": 0,
    }


def money(
    ceiling_idr: int, reserved_idr: int = 0, contracted_idr: int = 0, realised_idr: int = 0
) -> dict[str, object]:
    return {
        **ABOUT,
        "ceiling_idr": ceiling_idr,
        "reserved_idr": reserved_idr,
        "contracted_idr": contracted_idr,
        "realised_idr": realised_idr,
    }


def test_a_round_counts_all_seats_that_were_given() -> None:
    events = [
        ROUND,
        SELECTED,
        PlaceLost(application=A, reason="declined", **ABOUT),
        ReservePromoted(application=C, **ABOUT),
        PlaceConfirmed(application=B, **ABOUT),
        PlaceConfirmed(application=C, **ABOUT),
        ParticipantsDecreed(number="SK-1", signed_on=date(2018, 3, 1), annex=(B, C), **ABOUT),
        PlaceLost(application=C, reason="withdrawn", **ABOUT),
        AnnexAmended(without=C, **ABOUT),
    ]
    state = folded(rounds, events)
    assert state == Round(
        exhibition=EXHIBITION,
        programme="2018",
        scope=Scope.OVERSEAS,
        places=2,
        selected=2,
        promoted=1,
        confirmed=2,
        lost=2,
        reserve=1,
        annex=1,
        decree="SK-1",
    )
    numbers = {"places": 2, "selected": 3, "confirmed": 2, "lost": 2, "annex": 1}
    assert tallies.seats.contribution(state) == {("2018", "OVERSEAS", EXHIBITION): numbers}


def test_a_round_that_is_cancelled_before_it_opens_counts_nothing() -> None:
    state = folded(rounds, [RoundCancelled(**ABOUT)])
    assert not any(tallies.seats.contribution(state)["2018", "OVERSEAS", EXHIBITION].values())


def test_an_envelope_has_the_balances_of_its_last_event() -> None:
    document = {"document_number": "D-1", "effective_on": "2018-01-02"}
    saving = {**document, "code": "saving"}
    events = [
        EnvelopeOpened.model_validate({**pagu(0), **document}),
        EnvelopeBlocked.model_validate({**pagu(200), "amount_idr": 200, **saving}),
        EnvelopeUnblocked.model_validate({**pagu(50), "amount_idr": 150, **saving}),
    ]
    state = folded(envelopes, events)
    assert state == Envelope(
        programme="2018", scope=Scope.OVERSEAS, pagu_idr=700, blocked_idr=50, allotted_idr=0
    )
    numbers = {"pagu_idr": 700, "blocked_idr": 50, "allotted_idr": 0}
    assert tallies.pagu.contribution(state) == {("2018", "OVERSEAS"): numbers}


def test_an_allocation_has_its_last_balances_and_the_sum_of_its_sunk_costs() -> None:
    events: list[Event] = [
        AllocationRaised.model_validate({**money(100), "amount_idr": 100, "unit_cost_idr": 40}),
        PlaceFunded.model_validate({**money(100, 40), "application": A, "amount_idr": 40}),
        SunkCostRecognised.model_validate(
            {**money(100, 0, 40), "application": A, "amount_idr": 40}
        ),
        SunkCostRecognised.model_validate(
            {**money(100, 0, 40), "application": B, "amount_idr": 30}
        ),
        AllocationLowered.model_validate({**money(60, 0, 40), "amount_idr": 40}),
    ]
    assert folded(allocations, events) == Allocation(
        exhibition=EXHIBITION,
        programme="2018",
        scope=Scope.OVERSEAS,
        ceiling_idr=60,
        reserved_idr=0,
        contracted_idr=40,
        realised_idr=0,
        sunk_idr=70,
    )


def test_money_that_came_back_is_realised_no_more_and_a_sunk_cost_follows_its_contract() -> None:
    order = {"contract": "k-1", "spm": "s-1", "sp2d": "1", "amount_idr": 40}
    back = {"return_number": "r-1", "returned_on": "2018-03-02", "code": "wrong-account"}
    sunk = {"application": A, "amount_idr": 40}
    events: list[Event] = [
        PaymentDisbursed.model_validate(
            {**money(100, 0, 80, 40), **order, "paid_on": "2018-03-01"}
        ),
        SunkCostRecognised.model_validate({**money(100, 0, 80, 40), **sunk}),
        PaymentReturned.model_validate({**money(100, 0, 80), **order, **back}),
        SunkCostReversed.model_validate({**money(100, 0, 60), **sunk}),
        SunkCostRecognised.model_validate({**money(100, 0, 60), **sunk, "amount_idr": 30}),
    ]
    state = folded(allocations, events)
    assert isinstance(state, Allocation)
    assert (state.realised_idr, state.sunk_idr) == (0, 30)


def test_an_outcome_and_its_follow_ups_count_by_their_own_status() -> None:
    followed = FollowUpReported(
        outcome="o-1",
        follow_up="f-1",
        applicant=APPLICANT,
        rung=Rung.FOLLOW_UP_REALISED,
        **rupiah(300),
    )
    verified = OutcomeVerified(
        outcome="o-1",
        applicant=APPLICANT,
        rung=Rung.ORDER_ON_SITE,
        amount_idr=1_341_300,
        devisa=True,
        kind_of_evidence=EvidenceKind.INVOICE,
        judged_on=TODAY,
    )
    state = folded(outcomes, [ORDERED, followed, verified])
    assert state.follow_ups["f-1"].status is Status.REPORTED
    place = ("2018", "OVERSEAS", EXHIBITION)
    assert tallies.results.contribution(state) == {
        (*place, "ORDER_ON_SITE", "VERIFIED", "foreign"): {
            "count": 1,
            "amount_idr": 1_341_300,
            "followed_up_reported_idr": 300,
        },
        (*place, "FOLLOW_UP_REALISED", "REPORTED", "home"): {"count": 1, "amount_idr": 300},
    }


def test_the_mirror_of_a_rate_is_the_rate_without_persons() -> None:
    fixed = RateFixed(currency="USD", fixed_on=USD.fixed_on, rate=USD.rate, source=USD.source)
    assert folded(rates, [fixed]) == DailyRate(
        currency="USD",
        fixed_on=USD.fixed_on,
        status=RateStatus.FIXED,
        fixing=replace(USD, fixed_by=""),
    )
