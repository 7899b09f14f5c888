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

from services.budget.domain.allocation import funding
from services.budget.domain.allocation.commitments import (
    CommitmentFacts,
    ContractCommitment,
    contract_commitment,
)
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.funding import LowerAllocation, ReleaseFunding
from services.budget.domain.allocation.payments import (
    DisbursementFacts,
    DisbursePayment,
    OrderPayment,
    disburse_payment,
)
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
from shared.contracts.ids import enterprise_of
from shared.contracts.registration.application import ParticipantAbsent
from shared.contracts.selection.round import (
    PlaceLost,
    ReservePromoted,
    RoundCancelled,
    SelectionApproved,
)
from shared.contracts.words import Scope
from shared.kernel.decider import Context
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


def contract(treasury: Treasury, exhibition: str, luck: Random) -> None:
    if state := treasury.allocation(exhibition):
        applications = tuple(state.reserved)[: luck.randint(1, 3)]
        command = ContractCommitment(contract=f"k-{luck.randint(1, 9)}", applications=applications)
        facts = CommitmentFacts(annex=applications)
        treasury.do(allocation, exhibition, command, facts=facts, rule=contract_commitment)


def pay(treasury: Treasury, exhibition: str, luck: Random) -> None:
    state = treasury.allocation(exhibition)
    if state and state.contracts:
        chosen, spm = luck.choice(list(state.contracts)), f"spm-{luck.randint(1, 9)}"
        order = OrderPayment(contract=chosen, spm=spm, amount_idr=luck.randint(1, 20))
        treasury.do(allocation, exhibition, order, actor="cashier")
        disburse = DisbursePayment(contract=chosen, spm=f"spm-{luck.randint(1, 9)}", sp2d=spm)
        facts = DisbursementFacts(claimed=True)
        treasury.do(
            allocation,
            exhibition,
            disburse,
            facts=facts,
            rule=disburse_payment,
            actor="cashier",
        )


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
    *(
        allot,
        change_envelope,
        revise,
        correct_cost,
        correct_cost,
        lower,
        contract,
        pay,
        approve,
        promote,
        leave,
        cancel,
        rest,
    ),
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


def play_many() -> None:
    """Run with fixed seeds, so that a broken rule is found every time."""
    for seed in range(40):
        luck = Random(seed)
        play([(luck.choice(STEPS), luck.choice(EXHIBITIONS), number) for number in range(100)])


@settings(max_examples=40, deadline=None, database=None)
@given(run=runs)
def test_no_rupiah_is_overspent_or_lost_with_any_events_in_flight(
    run: list[tuple[Step, str, int]],
) -> None:
    play(run)


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
        (funding, "_use_free_money", uses_no_free_money, "money is idle|keeps money"),
        (funding, "_reprice", reprices_all, "more is used than the ceiling|money is idle"),
        (funding, "_release", sinks_again, "sunk twice"),
        (allotments, "make_allotment", allots_beyond_the_pagu, "more is allotted than the pagu"),
    ],
)
def test_a_broken_rule_is_found(
    monkeypatch: pytest.MonkeyPatch, *, module: ModuleType, name: str, broken: object, message: str
) -> None:
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(AssertionError, match=message):
        play_many()
