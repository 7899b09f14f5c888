"""Run random budgets and check them after each step, with any events in flight.

No amount exceeds its limit at any instant, ceilings and allotments are equal at rest, no money is
idle while a place waits, and a cost is sunk once. Each broken rule below is found by the same runs,
so each of these checks can fail.
"""

from collections.abc import Callable
from datetime import date
from random import Random
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.budget.domain.allocation import addenda, funding, sunk_costs
from services.budget.domain.allocation.addenda import AmendContract
from services.budget.domain.allocation.contract import Contract
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.funding import LowerAllocation, ReleaseFunding
from services.budget.domain.allocation.state import Allocation, evolve
from services.budget.domain.envelope import allotments
from services.budget.domain.envelope.allotments import MakeAllotment
from services.budget.domain.envelope.exhibition import ExhibitionFacts
from services.budget.domain.envelope.state import Envelope
from shared.contracts.budget.allocation import (
    AllocationEvent,
    AllocationRepriced,
    PlaceFunded,
    SunkCostRecognised,
)
from shared.contracts.budget.envelope import AllotmentMade, EnvelopeEvent
from shared.contracts.event import Event, event_classes
from shared.contracts.ids import enterprise_of
from shared.contracts.registration.application import ParticipantAbsent
from shared.contracts.selection.round import SelectionApproved
from shared.contracts.selection.round_seats import (
    PlaceLost,
    ReservePromoted,
    RoundCancelled,
)
from shared.contracts.words import Scope
from shared.kernel.decider import Context, Refused
from tests.budget.clerks import amend, close, contract, pay, release, retract, reverse
from tests.budget.envelope_steps import allot, change_envelope, correct_cost, revise
from tests.budget.examples import APPLICANT, DAY, About
from tests.budget.treasury import EXHIBITIONS, Treasury


def about(exhibition: str) -> About:
    return About(exhibition=exhibition, programme="2018", scope=Scope.DOMESTIC)


def lower(treasury: Treasury, exhibition: str, luck: Random) -> None:
    command = LowerAllocation(
        amount_idr=luck.randint(1, 10),
        document_number=f"ND-{luck.randint(1, 10**9)}",
        effective_on=DAY,
    )
    treasury.do(allocation, exhibition, command)


def approve(treasury: Treasury, exhibition: str, luck: Random) -> None:
    if not treasury.logs["round", exhibition]:
        selected = tuple(f"{exhibition}.{item}" for item in "abcde"[: luck.randint(0, 5)])
        approved = SelectionApproved(
            approved_on=date(2018, 2, 1), selected=selected, reserve=(), **about(exhibition)
        )
        treasury.publish("round", exhibition, approved)


def promote(treasury: Treasury, exhibition: str, luck: Random) -> None:
    application = f"{exhibition}.{luck.choice('fgh')}"
    promoted = ReservePromoted(application=application, **about(exhibition))
    treasury.publish("round", exhibition, promoted)


def leave(treasury: Treasury, exhibition: str, luck: Random) -> None:
    state = treasury.allocation(exhibition)
    applications = [*state.contracted, *state.reserved, *state.waiting] if state else []
    application = luck.choice([*applications, f"{exhibition}.unknown"])
    if luck.random() < 0.5:
        lost = PlaceLost(application=application, reason="declined", **about(exhibition))
        treasury.publish("round", exhibition, lost)
    else:
        changes = {"exhibition": exhibition, "enterprise": enterprise_of(application)}
        absent = ParticipantAbsent(applicant=APPLICANT.model_copy(update=changes))
        treasury.publish("application", application, absent)


def cancel(treasury: Treasury, exhibition: str, luck: Random) -> None:
    if luck.random() < 0.2:
        treasury.publish("round", exhibition, RoundCancelled(**about(exhibition)))


def deliver(treasury: Treasury, exhibition: str, luck: Random) -> None:
    for _ in range(luck.randint(1, 4)):
        if pending := treasury.pending():
            treasury.deliver(luck.choice(pending))


def rest(treasury: Treasury, exhibition: str, luck: Random) -> None:
    if luck.random() < 0.2:
        treasury.deliver_all()


Step = Callable[[Treasury, str, Random], None]
STEPS: tuple[Step, ...] = (
    *(allot, change_envelope, revise, correct_cost, correct_cost),
    *(lower, approve, promote, leave, cancel, rest),
    *(contract, amend, close, pay, pay, reverse, retract, release),
    *(allot, leave, deliver, deliver, deliver, deliver),
)
runs = st.lists(
    st.tuples(
        st.sampled_from(STEPS),
        st.sampled_from(EXHIBITIONS),
        st.integers(min_value=0, max_value=10**6),
    ),
    min_size=80,
    max_size=120,
)


def play(run: list[tuple[Step, str, int]]) -> Treasury:
    """Run the steps in this order, and check the treasury after each of them."""
    treasury = Treasury(pagu_idr=200)
    for step, exhibition, number in run:
        step(treasury, exhibition, Random(number))
        treasury.check()
    treasury.deliver_all()
    treasury.check()
    return treasury


def play_many() -> set[type[Event]]:
    """Run with fixed seeds, so that a broken rule is found every time; return the events met."""
    met: set[type[Event]] = set()
    for seed in range(40):
        luck = Random(seed)
        steps = [(luck.choice(STEPS), luck.choice(EXHIBITIONS), number) for number in range(200)]
        treasury = play(steps)
        met |= {type(event) for log in treasury.logs.values() for event in log}
    return met


@settings(max_examples=40, deadline=None, database=None)
@given(run=runs)
def test_no_rupiah_is_overspent_or_lost_with_any_events_in_flight(
    run: list[tuple[Step, str, int]],
) -> None:
    play(run)


def test_the_runs_meet_every_event_of_an_allocation() -> None:
    missing = set(event_classes(AllocationEvent)) - play_many()
    assert not missing, f"the runs never met {missing}: they prove less than they should"


def funds_beyond_the_ceiling(state: Allocation) -> list[AllocationEvent]:
    return funds_in_order(state, state.waiting, limit_idr=10**6)


def funds_the_last_first(state: Allocation) -> list[AllocationEvent]:
    return funds_in_order(state, state.waiting[::-1], limit_idr=state.free_idr)


def funds_in_order(
    state: Allocation, waiting: tuple[str, ...], *, limit_idr: int
) -> list[AllocationEvent]:
    cost_idr = state.unit_cost_idr
    events: list[AllocationEvent] = []
    for application in waiting[: limit_idr // cost_idr if cost_idr else 0]:
        funded = PlaceFunded(
            application=application, amount_idr=cost_idr, **state.balances(reserved=cost_idr)
        )
        state = evolve(state, funded)
        events.append(funded)
    return events


def reprices_all(unit_cost_idr: int, state: Allocation) -> list[AllocationEvent]:
    reserved_idr = unit_cost_idr * len(state.reserved) - state.reserved_idr
    balances = state.balances(reserved=reserved_idr)
    return [AllocationRepriced(unit_cost_idr=unit_cost_idr, unfunded=(), **balances)]


def uses_no_free_money(state: Allocation, event: AllocationEvent) -> list[AllocationEvent]:
    return [event]


def sinks_again(command: ReleaseFunding, state: Allocation) -> list[AllocationEvent]:
    application = command.application
    if application not in state.contracted:
        return []
    amount_idr = state.contracted[application]
    return [SunkCostRecognised(application=application, amount_idr=amount_idr, **state.balances())]


def sinks_as_before(state: Allocation) -> list[AllocationEvent]:
    return []


def amends_at_will(
    command: AmendContract, delta_idr: int, contract: Contract, state: Allocation
) -> None:
    if state.closed or command.amount_idr < contract.ordered_idr or not contract.reservations:
        raise Refused("not-amended", "This is not the rule that is missing.")


def allots_beyond_the_pagu(
    command: MakeAllotment, facts: ExhibitionFacts, state: Envelope, context: Context
) -> list[EnvelopeEvent]:
    return [
        AllotmentMade(
            exhibition=command.exhibition,
            amount_idr=command.amount_idr,
            unit_cost_idr=command.unit_cost_idr,
            document_number=command.document_number,
            effective_on=command.effective_on,
            **state.balances(allotted=command.amount_idr),
        )
    ]


@pytest.mark.parametrize(
    ("module", "name", "broken", "message"),
    [
        (funding, "_fund_waiting", funds_beyond_the_ceiling, "more is used than the ceiling"),
        (funding, "_fund_waiting", funds_the_last_first, "a place was skipped"),
        (funding, "use_free_money", uses_no_free_money, "money is idle|keeps money"),
        (funding, "_reprice", reprices_all, "more is used than the ceiling|keeps money|is idle"),
        (funding, "_release", sinks_again, "sunk twice"),
        (sunk_costs, "_sink_again", sinks_as_before, "a sunk cost is not the cost"),
        (addenda, "_check_amount", amends_at_will, "more is used than the ceiling"),
        (allotments, "make_allotment", allots_beyond_the_pagu, "more is allotted than the pagu"),
    ],
)
def test_a_broken_rule_is_found(
    monkeypatch: pytest.MonkeyPatch, *, module: ModuleType, name: str, broken: object, message: str
) -> None:
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(AssertionError, match=message):
        play_many()
