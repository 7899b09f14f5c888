"""Random budgets: invariant 7 at every instant, equal ceilings at rest, no idle money, sunk once.

Each broken rule below is caught by the same machine, so none of these checks is idle either.
"""

from collections.abc import Callable
from random import Random
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.budget.domain import envelope as envelope_rules
from services.budget.domain import funding
from services.budget.domain.allocation import allocation
from services.budget.domain.allocation_books import Allocation, evolve
from services.budget.domain.envelope import (
    AllotmentFacts,
    BlockEnvelope,
    MakeAllotment,
    ReviseEnvelope,
    UnblockEnvelope,
    envelope,
)
from services.budget.domain.envelope_books import Envelope
from services.budget.domain.funding import LowerAllocation, ReleaseFunding
from services.budget.domain.payments import (
    CommitmentFacts,
    ContractCommitment,
    DisbursementFacts,
    DisbursePayment,
    OrderPayment,
)
from shared.contracts.budget.allocation import AllocationEvent, PlaceFunded, SunkCostRecognised
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
from tests.budget.examples import APPLICANT, About
from tests.budget.treasury import ENVELOPE, EXHIBITIONS, Treasury


def about(exhibition: str) -> About:
    return About(exhibition=exhibition, programme="2018", scope=Scope.DOMESTIC)


def allot(treasury: Treasury, exhibition: str, luck: Random) -> None:
    command = MakeAllotment(
        exhibition=exhibition,
        amount_idr=luck.randint(1, 50),
        unit_cost_idr=luck.choice([10, 10, 15]),
    )
    facts = AllotmentFacts(programme="2018", scope=Scope.DOMESTIC, cancelled=False)
    treasury.ask(envelope, ENVELOPE, command, facts=facts)


def change_envelope(treasury: Treasury, exhibition: str, luck: Random) -> None:
    delta_idr, amount_idr = luck.randint(-60, 60), luck.randint(1, 40)
    command = luck.choice(
        [
            ReviseEnvelope(delta_idr=delta_idr, document_number="REV", reason="revision"),
            BlockEnvelope(amount_idr=amount_idr, reason="saving"),
            UnblockEnvelope(amount_idr=amount_idr, reason="spending"),
        ]
    )
    treasury.ask(envelope, ENVELOPE, command)


def lower(treasury: Treasury, exhibition: str, luck: Random) -> None:
    treasury.ask(allocation, exhibition, LowerAllocation(amount_idr=luck.randint(1, 10)))


def contract(treasury: Treasury, exhibition: str, luck: Random) -> None:
    if state := treasury.allocation(exhibition):
        places = tuple(state.reserved)[: luck.randint(1, 3)]
        command = ContractCommitment(contract=f"k-{luck.randint(1, 9)}", applications=places)
        treasury.ask(allocation, exhibition, command, facts=CommitmentFacts(annex=places))


def pay(treasury: Treasury, exhibition: str, luck: Random) -> None:
    state = treasury.allocation(exhibition)
    if state and state.contracts:
        chosen, spm = luck.choice(list(state.contracts)), f"spm-{luck.randint(1, 9)}"
        order = OrderPayment(contract=chosen, spm=spm, amount_idr=luck.randint(1, 20))
        treasury.ask(allocation, exhibition, order, actor="cashier")
        disburse = DisbursePayment(contract=chosen, spm=f"spm-{luck.randint(1, 9)}", sp2d=spm)
        facts = DisbursementFacts(claimed=True)
        treasury.ask(allocation, exhibition, disburse, facts=facts, actor="cashier")


def approve(treasury: Treasury, exhibition: str, luck: Random) -> None:
    if not treasury.logs["round", exhibition]:
        selected = tuple(f"{exhibition}.{item}" for item in "abcde"[: luck.randint(0, 5)])
        approved = SelectionApproved(selected=selected, reserve=(), **about(exhibition))
        treasury.tell("round", exhibition, approved)


def promote(treasury: Treasury, exhibition: str, luck: Random) -> None:
    application = f"{exhibition}.{luck.choice('fgh')}"
    promoted = ReservePromoted(application=application, **about(exhibition))
    treasury.tell("round", exhibition, promoted)


def leave(treasury: Treasury, exhibition: str, luck: Random) -> None:
    state = treasury.allocation(exhibition)
    known = [*state.contracted, *state.reserved, *state.waiting] if state else []
    application = luck.choice([*known, f"{exhibition}.stranger"])
    if luck.random() < 0.5:
        lost = PlaceLost(application=application, reason="declined", **about(exhibition))
        treasury.tell("round", exhibition, lost)
    else:
        who = {"exhibition": exhibition, "enterprise": enterprise_of(application)}
        absent = ParticipantAbsent(applicant=APPLICANT.model_copy(update=who))
        treasury.tell("application", application, absent)


def cancel(treasury: Treasury, exhibition: str, luck: Random) -> None:
    if luck.random() < 0.2:
        treasury.tell("round", exhibition, RoundCancelled(**about(exhibition)))


def deliver(treasury: Treasury, exhibition: str, luck: Random) -> None:
    for _ in range(luck.randint(1, 4)):
        if pending := treasury.pending():
            treasury.deliver(luck.choice(pending))


def rest(treasury: Treasury, exhibition: str, luck: Random) -> None:
    if luck.random() < 0.2:
        treasury.settle()


Step = Callable[[Treasury, str, Random], None]
STEPS: tuple[Step, ...] = (
    *(allot, change_envelope, lower, contract, pay, approve, promote, leave, cancel, rest),
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
    """Officers, rounds, participants and deliveries in this order, checked after every step."""
    treasury = Treasury(pagu_idr=200)
    for step, exhibition, number in run:
        step(treasury, exhibition, Random(number))
        treasury.check()
    treasury.settle()
    treasury.check()
    return treasury


def play_many() -> None:
    """The same with fixed seeds, for what must be caught every time."""
    for seed in range(40):
        luck = Random(seed)
        play([(luck.choice(STEPS), luck.choice(EXHIBITIONS), number) for number in range(100)])


@settings(max_examples=40, deadline=None, database=None)
@given(run=runs)
def test_no_rupiah_is_over_or_lost_whatever_is_in_flight(
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
    for place in waiting[: limit_idr // cost_idr if cost_idr else 0]:
        funded = PlaceFunded(
            application=place, amount_idr=cost_idr, **state.balances(reserved=cost_idr)
        )
        state = evolve(state, funded)
        events.append(funded)
    return events


def settles_nothing(state: Allocation, decided: AllocationEvent) -> list[AllocationEvent]:
    return [decided]


def sinks_again(command: ReleaseFunding, state: Allocation) -> list[AllocationEvent]:
    place = command.application
    if place not in state.contracted:
        return []
    amount_idr = state.contracted[place]
    return [SunkCostRecognised(application=place, amount_idr=amount_idr, **state.balances())]


def allots_what_is_not_there(
    command: MakeAllotment, exhibition: AllotmentFacts, state: Envelope
) -> list[EnvelopeEvent]:
    return [
        AllotmentMade(
            exhibition=command.exhibition,
            amount_idr=command.amount_idr,
            unit_cost_idr=command.unit_cost_idr,
            **state.balances(allotted=command.amount_idr),
        )
    ]


@pytest.mark.parametrize(
    ("module", "name", "broken", "caught"),
    [
        (funding, "_funded", funds_beyond_the_ceiling, "more is used than there is"),
        (funding, "_funded", funds_the_last_first, "somebody was skipped"),
        (funding, "settled", settles_nothing, "money is idle|keeps money"),
        (funding, "_release", sinks_again, "sunk twice"),
        (envelope_rules, "_allot", allots_what_is_not_there, "more is allotted than there is"),
    ],
)
def test_a_broken_rule_is_caught(
    monkeypatch: pytest.MonkeyPatch, *, module: ModuleType, name: str, broken: object, caught: str
) -> None:
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(AssertionError, match=caught):
        play_many()
