"""The real rules and reactions of registration, selection and budget under random interleavings.

After every step the invariants of the owning documents hold; whenever no event is left to
deliver, the services agree. A test proves that each check fails without its rule.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from services.budget.app import service as budget
from services.registration.app import service as registration
from services.registration.domain.application.state import Status
from services.selection.app import service as selection
from shared.contracts.event import Event
from shared.contracts.registration.application_codes import DeclineReason
from shared.contracts.registration.floor_plan import BoothAssignment, BoothsAssigned
from shared.contracts.registration.rule_set import CapCondition
from shared.contracts.selection.round import SelectionApproved
from tests.journey import registrars
from tests.journey.agreement import check_at_rest, check_every_step
from tests.journey.play import Play
from tests.journey.stage import ENTERPRISES, EXHIBITIONS
from tests.journey.world import World
from tests.long_tests import long_test
from tests.registration.rule_sets import RULES

SERVICES = [registration, selection, budget]
RUNS, STEPS, REST_EVERY = 400, 500, 160
BROKEN_RUNS, CAPPED_RUNS = 400, 200
TAKEN = frozenset({Status.ACCEPTED, Status.CONFIRMED, Status.ATTENDED, Status.ABSENT})
ALWAYS_SEEN = {
    "PlaceOffered",
    "PlaceConfirmed",
    "PlaceLost",
    "ReservePromoted",
    "ReservesPassedOver",
    "ParticipantsDecreed",
    "AnnexAmended",
    "AmendmentRecorded",
    "LossRequested",
    "LossDeclined",
    "SeatsFrozen",
    "CandidateStruck",
    "ProposalVoided",
    "SelectionReturned",
    "CandidateReopened",
    "RoundCancelled",
    "FundingDeclined",
    "FundingReleased",
    "CommitmentContracted",
    "ContractAmended",
    "ContractClosed",
    "PaymentOrderVoided",
    "PaymentDisbursed",
    "PaymentReturned",
    "DeliveryRetracted",
    "ReservationReleased",
    "SunkCostRecognised",
    "AllotmentReturned",
    "OfferExpired",
    "ApplicationLapsed",
    "ExhibitionEnded",
    "ExhibitionReported",
    "ParticipantAbsent",
    "AttendanceContested",
    "AttendanceCorrected",
    "CorrectionRequested",
    "ApplicationResubmitted",
    "ApplicationRejected",
    "SunkCostReversed",
    "EnvelopeRevised",
    "RevisionWithdrawn",
    "AllocationRepriced",
    "CostWithdrawn",
    "CandidateEnded",
    "ConflictDeclared",
    "CuratorUnassigned",
    "ScoresModerated",
    "ExhibitionRescheduled",
    "RoundRescheduled",
    "ApplicationRescheduled",
    "DocumentsRenewed",
    "RenewalExpired",
    "BoothsAssigned",
    "BoothsTakenBack",
    "ParticipantRemoved",
    "ParticipantCheckedIn",
    "CheckInUndone",
    "AttendanceRetracted",
    "CommitmentDelivered",
    "CommitmentReturned",
    "CommitmentExpired",
    "ObjectionFiled",
    "ObjectionWithdrawn",
    "ObjectionExpired",
    "ObjectionDismissed",
    "ObjectionUpheld",
    "ObjectionWindowClosed",
    "OfferPutOff",
    "PlaceEscrowed",
    "PlaceReleased",
}
Change = Callable[[World], None]


def run(seed: int, steps: int = STEPS, change: Change | None = None) -> World:
    """Play a random run; `change` removes a rule."""
    world = World(SERVICES, random.Random(seed))
    if change is not None:
        change(world)
    play = Play(world)
    lag = world.dice.choice((0.2, 0.5, 0.8))
    for step in range(1, steps + 1):
        if world.waiting and world.dice.random() > lag:
            world.deliver()
        elif world.dice.random() < 0.6:
            play.advance(world.dice.choice(EXHIBITIONS))
        else:
            play.disturb()
        check_every_step(world)
        if step % REST_EVERY == 0:
            while world.waiting:
                world.deliver()
                check_every_step(world)
            check_at_rest(world, play)
    return world


@long_test
def test_the_services_agree_after_every_order_of_events() -> None:
    seen: Counter[str] = Counter()
    for seed in range(RUNS):
        seen.update(run(seed).events)
    missing = ALWAYS_SEEN - set(seen)
    assert not missing, f"the runs never met {missing}: they prove less than they should"


def cap(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Let an enterprise have so many places in a programme and scope."""
    (other,) = [rule for rule in RULES.rules if rule.condition.form == "participation-cap"]
    condition = CapCondition(form="participation-cap", places_max=most)
    changed = other.model_copy(update={"condition": condition})
    rules = tuple(changed if rule is other else rule for rule in RULES.rules)
    monkeypatch.setattr(registrars.Registrars, "rules", replace(RULES, rules=rules))


def run_to_the_cap() -> Counter[str]:
    """Play runs in which no enterprise may have two places; return the reasons of their ends."""
    reasons: Counter[str] = Counter()
    for seed in range(CAPPED_RUNS):
        world = run(seed)
        applications = [world.state("application", id) for id in world.ids("application")]
        reasons.update(reason for state in applications for reason in state.reasons)
        taken = Counter(state.enterprise for state in applications if state.status in TAKEN)
        assert max(taken.values(), default=0) <= 1, ("beyond the cap", seed, taken)
    return reasons


@long_test
def test_no_enterprise_has_more_places_than_its_cap_in_any_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cap(monkeypatch, 1)
    assert run_to_the_cap()[DeclineReason.CAP_REACHED] > 1


def test_without_the_cap_an_enterprise_has_more_places(monkeypatch: pytest.MonkeyPatch) -> None:
    cap(monkeypatch, 2)
    with pytest.raises(AssertionError, match="beyond the cap"):
        run_to_the_cap()


def run_many(change: Change) -> None:
    """Play runs without a rule until a check fails."""
    for seed in range(BROKEN_RUNS):
        run(seed, change=change)


def without(kind: str, *names: str) -> Change:
    """Let the rules of a kind make none of these events."""

    def drop(decided: str, _: Any, events: Sequence[Event]) -> Sequence[Event]:
        return [event for event in events if decided != kind or type(event).__name__ not in names]

    return lambda world: world.changes.append(drop)


def without_reactions(service: str, *names: str) -> Change:
    """Remove these reactions of a service."""

    def change(world: World) -> None:
        world.forget_reactions(service, names)

    return change


def also(kind: str, command: str, extra: Callable[[list[Event]], list[Event]]) -> Change:
    """Let the rules of a kind make other events for a command."""

    def exchange(decided: str, decided_command: Any, events: Sequence[Event]) -> Sequence[Event]:
        if (decided, type(decided_command).__name__) != (kind, command):
            return events
        return extra(list(events))

    return lambda world: world.changes.append(exchange)


def twice(events: list[Event]) -> list[Event]:
    """Lower the same money twice."""
    return events * 2


def overbooked(events: list[Event]) -> list[Event]:
    """Give seats to the reserve list too."""
    return [
        event.model_copy(update={"selected": (*event.selected, *event.reserve), "reserve": ()})
        if isinstance(event, SelectionApproved)
        else event
        for event in events
    ]


def scattered(events: list[Event]) -> list[Event]:
    """Give every enterprise a booth of its own."""
    everywhere = tuple(
        BoothAssignment(enterprise=name, booth=f"B-{number}")
        for number, name in enumerate(ENTERPRISES)
    )
    return [
        event.model_copy(update={"assignments": everywhere})
        if isinstance(event, BoothsAssigned)
        else event
        for event in events
    ]


def out_of_turn(events: list[Event]) -> list[Event]:
    """Give the seats of the selected to the reserves."""
    return [
        event.model_copy(
            update={
                "selected": (*event.reserve, *event.selected)[: len(event.selected)],
                "reserve": (*event.reserve, *event.selected)[len(event.selected) :],
            }
        )
        if isinstance(event, SelectionApproved)
        else event
        for event in events
    ]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (without("round", "ReservePromoted"), "free seat with a reserve"),
        (without("round", "AnnexAmended"), "annex differs"),
        (without("round", "ProposalVoided"), "disagree at rest"),
        (without("round", "RoundCancelled"), "one only"),
        (without("application", "ApplicationLapsed"), "disagree at rest|without a result"),
        (without("application", "ApplicationClosed"), "without a result"),
        (without("allocation", "FundingReleased"), "disagree at rest|cancelled keeps|over"),
        (without("allocation", "SunkCostRecognised"), "disagree at rest"),
        (without_reactions("budget", "correct"), "disagree at rest"),
        (without_reactions("selection", "offer-place"), "disagree at rest"),
        (without_reactions("selection", "withdraw"), "disagree at rest|without its end"),
        (without_reactions("selection", "lose-place"), "disagree at rest"),
        (without_reactions("selection", "end-candidate"), "without its end"),
        (without_reactions("budget", "return-allotment"), "ceilings differ"),
        (without_reactions("registration", "confirm-participation"), "disagree at rest"),
        (without("round", "PlaceEscrowed"), "disputed without a seat"),
        (without("round", "PlaceReleased"), "in escrow for nothing"),
        (without("round", "OfferPutOff"), "disagree at rest"),
        (without_reactions("registration", "list-participant"), "floor plan differs"),
        (without_reactions("registration", "remove-participant"), "floor plan differs"),
        (without_reactions("registration", "close-waiting"), "without a result"),
        (without_reactions("registration", "reschedule-applications"), "days differ"),
        (without_reactions("selection", "reschedule-round"), "days differ"),
        (without_reactions("selection", "strike-unrenewed"), "disagree at rest|without its end"),
        (without_reactions("selection", "strike-uncommitted"), "disagree at rest|without its end"),
        (also("allocation", "LowerAllocation", twice), "allocation over"),
        (also("envelope", "MakeAllotment", twice), "envelope over"),
        (also("round", "ApproveSelection", overbooked), "places"),
        (also("floor-plan", "AssignBooths", scattered), "booths over"),
        (also("round", "ApproveSelection", out_of_turn), "quota exceeded"),
    ],
)
def test_the_checks_find_what_a_missing_rule_breaks(change: Change, found: str) -> None:
    with pytest.raises(AssertionError, match=found):
        run_many(change)
