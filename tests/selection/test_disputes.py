"""The seat in escrow is one whose exchange for the objector breaks no quota, or there is none."""

from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.objections import ObjectionFacts, file_objection
from shared.contracts.registration.quota import Bound
from shared.contracts.selection.objection import ObjectionFiled
from shared.contracts.selection.round import RoundEvent
from tests.given import Given, given
from tests.selection.examples import A, B, C, D, E, confirmed, lost, offered, promoted
from tests.selection.objecting import (
    JUDGE,
    MOVED,
    TERMS,
    UNTIL,
    WINDOW_CLOSED,
    escrowed,
    expired,
    filed,
    filing,
    released,
    upheld,
    upholding,
)
from tests.selection.test_reserves import (
    AT_LEAST_ONE,
    AT_MOST_ONE,
    NEW,
    OLD,
    REACTING,
    approved,
    loses,
    over,
)


def disputable(*events: RoundEvent) -> tuple[RoundEvent, ...]:
    """Return a round of `approved` with a time for objections."""
    opened, *between, approval = events
    return (
        opened.model_copy(update={"objections": TERMS}),
        *between,
        approval.model_copy(update={"objections_until": UNTIL}),
    )


def filed_by(application: str, codes: tuple[str, ...]) -> ObjectionFiled:
    return filed(application).model_copy(update={"counts_for": codes})


def files(past: Given, application: str, codes: tuple[str, ...]) -> list[RoundEvent]:
    facts = ObjectionFacts(counts_for=codes)
    events = past.when(filing(application), rule=file_objection, facts=facts).events()
    return [event for event in events if not isinstance(event, ObjectionFiled)]  # type: ignore[misc]  # they are events of a round


def test_a_seat_whose_exchange_would_pass_a_maximum_is_left_alone() -> None:
    past = given(selection_round, *disputable(*approved(AT_MOST_ONE, NEW, OLD, NEW, OLD)))
    assert files(past, A, NEW) == [escrowed(B, A)]
    assert files(past, D, OLD) == [escrowed(C, D)]


def test_a_seat_whose_exchange_would_miss_a_minimum_is_left_alone() -> None:
    past = given(selection_round, *disputable(*approved(AT_LEAST_ONE, OLD, NEW, OLD, NEW)))
    assert files(past, A, OLD) == [escrowed(B, A)]
    assert files(past, D, NEW) == [escrowed(C, D)]


def test_an_objector_in_neither_list_counts_for_its_quotas_too() -> None:
    events = disputable(*approved(AT_MOST_ONE, NEW, OLD, OLD))
    opened, panel, listed, *rest = events
    listed = listed.model_copy(update={"applications": (A, B, C, D, E)})
    past = given(selection_round, opened, panel, listed, *rest)
    assert files(past, E, NEW) == [escrowed(B, E)]
    state = given(selection_round, opened, panel, listed, *rest, filed_by(E, NEW)).state
    assert state.codes_of(E) == NEW


def test_without_a_suitable_seat_the_objector_gets_the_next_place_that_its_quota_allows() -> None:
    # B alone counts for the quota, and has confirmed: no exchange makes room for D.
    rest = disputable(*approved(AT_MOST_ONE, NEW, OLD, OLD, NEW))
    late = (*rest, filed_by(D, NEW), WINDOW_CLOSED, expired(D), offered(B), confirmed(B))
    given(selection_round, *late).when(upholding(D), actor=JUDGE).then(upheld(D))
    first = given(selection_round, *late, upheld(D))
    first.when(loses(C), **REACTING).then(
        lost(C, "declined"), over("pemula", Bound.MAXIMUM, 1), promoted(A)
    )
    first.when(loses(B), **REACTING).then(lost(B, "declined"), promoted(D))


def test_a_seat_that_an_objection_has_won_is_lost_to_no_other_objection() -> None:
    rest = disputable(*approved(AT_MOST_ONE, OLD, OLD, NEW, NEW))
    both = (*rest, filed_by(A, NEW), escrowed(C, A), filed_by(D, NEW), escrowed(B, D))
    given(selection_round, *both).when(upholding(A), actor=JUDGE).then(upheld(), MOVED, promoted(A))
    won = given(selection_round, *both, upheld(), MOVED, promoted(A))
    # B for D would be one newcomer too many, and A has its seat by right.
    won.when(upholding(D), actor=JUDGE).then(upheld(D), released(B))


def test_a_place_that_an_exchange_makes_room_for_goes_to_the_reserve_that_a_quota_stopped() -> None:
    # Three places, two seats: C is stopped by the maximum that B fills, and objects no more.
    rest = disputable(*approved(AT_MOST_ONE, NEW, NEW, places=2))
    opened, panel, listed, *approval = rest
    listed = listed.model_copy(update={"applications": (B, C, E)})
    past = given(selection_round, opened, panel, listed, *approval, filed_by(E, NEW))
    past.when(upholding(E), actor=JUDGE).then(
        upheld(E, from_reserve=False),
        lost(B, "objection-upheld"),
        promoted(E),
        over("pemula", Bound.MAXIMUM, 1, 2),
    )
