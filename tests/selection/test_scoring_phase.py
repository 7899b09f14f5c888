"""The rules of a round until its scoring is closed."""

from datetime import date

import pytest

from services.selection.domain.selection_round.decider import RoundCommand, selection_round
from services.selection.domain.selection_round.scoring_phase import (
    AppointPanel,
    CloseScoring,
    EnteredFacts,
    ListCandidates,
    OpenRound,
    close_scoring,
)
from services.selection.domain.selection_round.state import Status
from shared.contracts.selection.round import PanelAppointed, RoundEvent, ScoringClosed
from shared.contracts.words import Scope
from shared.kernel.decider import Origin
from tests.given import Given, When, given
from tests.selection.examples import (
    ANI,
    APPOINTED,
    BUDI,
    CANCELLED,
    CITRA,
    CLOSED,
    CLOSED_SCORING,
    DEWI,
    EXHIBITION,
    LISTED,
    OPEN,
    OPENED,
    PANEL,
    RETURNED,
    ROUND_FIELDS,
    A,
    B,
    C,
    D,
    E,
    struck,
)

OPEN_ROUND = OpenRound(
    programme="2018",
    scope=Scope.OVERSEAS,
    places=2,
    rubric="kukm-2018-1",
    threshold=7_000,
    sheets_min=3,
    offer_hours=72,
    starts_on=date(2018, 4, 4),
)
LIST = ListCandidates(applications=(A, B, C, D, E))
CLOSE = CloseScoring()
ALL = EnteredFacts(entered=frozenset({A, B, C, D, E}))


def appoint(*curators: str) -> AppointPanel:
    return AppointPanel(curators=curators)


def reacting(past: Given, command: RoundCommand) -> When:
    return past.when(command, origin=Origin.REACTION, subject=EXHIBITION)


def test_a_call_opens_the_round_once() -> None:
    reacting(given(selection_round), OPEN_ROUND).then(OPENED)
    reacting(given(selection_round, OPENED), OPEN_ROUND).then()


def test_a_round_may_be_named_before_it_is_opened() -> None:
    past = given(selection_round, struck(A))
    assert past.state.status is Status.AWAITED
    reacting(past, OPEN_ROUND).then(OPENED)
    assert given(selection_round, struck(A), OPENED).state.struck == (A,)


def test_a_cancelled_round_is_never_opened() -> None:
    reacting(given(selection_round, CANCELLED), OPEN_ROUND).then()


@pytest.mark.parametrize("past", [(), (struck(A),)])
def test_a_person_is_refused_until_the_call_opens(past: tuple[RoundEvent, ...]) -> None:
    code = "round-not-open" if past else "not-found"
    given(selection_round, *past).when(appoint(*PANEL)).refused(code)
    given(selection_round, *past).when(CLOSE, rule=close_scoring, facts=ALL).refused(code)


def test_a_panel_is_appointed() -> None:
    given(selection_round, OPENED).when(appoint(*PANEL)).then(APPOINTED)


def test_a_panel_grows() -> None:
    larger = PanelAppointed(size=4, curators=(*PANEL, DEWI), **ROUND_FIELDS)
    given(selection_round, *OPEN).when(appoint(*PANEL, DEWI)).then(larger)


def test_a_panel_member_is_never_removed() -> None:
    given(selection_round, *OPEN).when(appoint(ANI, BUDI, DEWI)).refused("curator-dropped")


def test_the_same_panel_again_makes_no_event() -> None:
    given(selection_round, *OPEN).when(appoint(CITRA, BUDI, ANI)).then()


def test_a_panel_has_as_many_curators_as_a_candidate_needs_sheets() -> None:
    given(selection_round, OPENED).when(appoint(ANI, BUDI)).refused("panel-too-small")


def test_a_curator_is_named_once() -> None:
    given(selection_round, OPENED).when(appoint(ANI, ANI, BUDI, CITRA)).refused("curator-repeated")


def test_the_topic_carries_only_the_size_of_the_panel() -> None:
    assert "curator" not in APPOINTED.public_json()


def test_eligible_applications_are_listed_once() -> None:
    reacting(given(selection_round, *OPEN), LIST).then(LISTED)
    reacting(given(selection_round, *OPEN, LISTED), LIST).then()


@pytest.mark.parametrize("past", [(), (CANCELLED,), (OPENED, CANCELLED)])
def test_no_candidate_is_listed_unless_the_round_is_open(past: tuple[RoundEvent, ...]) -> None:
    reacting(given(selection_round, *past), LIST).then()


def test_scoring_is_closed_for_all_that_are_listed() -> None:
    given(selection_round, *OPEN, LISTED).when(CLOSE, rule=close_scoring, facts=ALL).then(CLOSED)


def test_a_closing_does_not_wait_for_a_struck_candidate() -> None:
    some = EnteredFacts(entered=frozenset({B, C, D, E}))
    past = given(selection_round, struck(A), *OPEN, LISTED)
    closed = ScoringClosed(closing=1, sheets_min=3, applications=(B, C, D, E), **ROUND_FIELDS)
    past.when(CLOSE, rule=close_scoring, facts=some).then(closed)


def test_scoring_is_not_closed_before_verification_is() -> None:
    given(selection_round, *OPEN).when(CLOSE, rule=close_scoring, facts=ALL).refused(
        "candidates-not-listed"
    )


def test_scoring_is_not_closed_before_all_have_entered() -> None:
    some = EnteredFacts(entered=frozenset({A, B, C}))
    given(selection_round, *OPEN, LISTED).when(CLOSE, rule=close_scoring, facts=some).refused(
        "candidates-not-entered"
    )


def test_scoring_is_closed_once() -> None:
    given(selection_round, *CLOSED_SCORING).when(CLOSE, rule=close_scoring, facts=ALL).refused(
        "round-not-open"
    )
    given(selection_round, *CLOSED_SCORING).when(appoint(*PANEL, DEWI)).refused("round-not-open")


def test_closings_are_counted() -> None:
    second = ScoringClosed(closing=2, sheets_min=3, applications=(A, B, C, D, E), **ROUND_FIELDS)
    given(selection_round, *CLOSED_SCORING, RETURNED).when(
        CLOSE, rule=close_scoring, facts=ALL
    ).then(second)
