"""The rules of a round until its scoring is closed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.selection.domain.selection_round.decider import RoundCommand, selection_round
from services.selection.domain.selection_round.panel import (
    AppointPanel,
    PanelChoiceFacts,
    appoint_panel,
)
from services.selection.domain.selection_round.scoring_phase import (
    CandidateSheets,
    CloseScoring,
    ListCandidates,
    OpenRound,
    ScoringFacts,
    close_scoring,
)
from services.selection.domain.selection_round.state import Status
from shared.contracts.selection.round import (
    DeclaredConflict,
    PanelAppointed,
    RoundEvent,
)
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
    CLOSER,
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
    ends_on=date(2018, 4, 7),
)
LIST = ListCandidates(applications=(A, B, C, D, E))
CLOSE = CloseScoring()
IN = CandidateSheets(assigned=PANEL, scored=PANEL, scorers=PANEL, conflicted=())
ALL = ScoringFacts(candidates=dict.fromkeys((A, B, C, D, E), IN))


def with_sheets(**changes: Any) -> ScoringFacts:
    """Return the facts with changed sheets of candidate D."""
    return ScoringFacts(candidates={**ALL.candidates, D: replace(IN, **changes)})


def appointing(past: Given, *curators: str, contender: str | None = None, **about: str) -> When:
    facts = PanelChoiceFacts(contender=contender)
    return past.when(AppointPanel(curators=curators), rule=appoint_panel, facts=facts, **about)


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


def test_a_candidate_that_gave_up_before_the_list_is_not_on_it() -> None:
    left = LISTED.model_copy(update={"applications": (B, C, D, E)})
    reacting(given(selection_round, struck(A), *OPEN), LIST).then(left)


def test_a_cancelled_round_is_never_opened() -> None:
    reacting(given(selection_round, CANCELLED), OPEN_ROUND).then()


@pytest.mark.parametrize("past", [(), (struck(A),)])
def test_a_person_is_refused_until_the_call_opens(past: tuple[RoundEvent, ...]) -> None:
    code = "round-not-open" if past else "not-found"
    appointing(given(selection_round, *past), *PANEL).refused(code)
    given(selection_round, *past).when(CLOSE, rule=close_scoring, facts=ALL).refused(code)


def test_a_panel_is_appointed() -> None:
    appointing(given(selection_round, OPENED), *PANEL).then(APPOINTED)


def test_a_panel_grows() -> None:
    larger = PanelAppointed(size=4, curators=(*PANEL, DEWI), **ROUND_FIELDS)
    appointing(given(selection_round, *OPEN), *PANEL, DEWI).then(larger)


def test_a_panel_member_is_never_removed() -> None:
    appointing(given(selection_round, *OPEN), ANI, BUDI, DEWI).refused("curator-dropped")


def test_the_same_panel_again_makes_no_event() -> None:
    appointing(given(selection_round, *OPEN), CITRA, BUDI, ANI).then()


def test_a_panel_has_as_many_curators_as_a_candidate_needs_sheets() -> None:
    appointing(given(selection_round, OPENED), ANI, BUDI).refused("panel-too-small")


def test_a_curator_is_named_once() -> None:
    appointing(given(selection_round, OPENED), ANI, ANI, BUDI, CITRA).refused("curator-repeated")


def test_who_speaks_for_a_candidate_appoints_no_panel_listed_or_not() -> None:
    opened, listed = given(selection_round, OPENED), given(selection_round, *OPEN, LISTED)
    appointing(opened, *PANEL, contender="a", enterprise="a").refused("own-enterprise")
    appointing(listed, *PANEL, DEWI, enterprise="a").refused("own-enterprise")
    appointing(opened, *PANEL, enterprise="a").then(APPOINTED)
    left = given(selection_round, *OPEN, LISTED, struck(A))
    assert appointing(left, *PANEL, DEWI, enterprise="a").events()


def test_the_topic_carries_only_the_size_of_the_panel() -> None:
    assert "curator" not in APPOINTED.public_json()


def test_eligible_applications_are_listed_once() -> None:
    reacting(given(selection_round, *OPEN), LIST).then(LISTED)
    reacting(given(selection_round, *OPEN, LISTED), LIST).then()


@pytest.mark.parametrize("past", [(), (CANCELLED,), (OPENED, CANCELLED)])
def test_no_candidate_is_listed_unless_the_round_is_open(past: tuple[RoundEvent, ...]) -> None:
    reacting(given(selection_round, *past), LIST).then()


def test_scoring_is_closed_for_all_that_are_listed() -> None:
    given(selection_round, *OPEN, LISTED).when(
        CLOSE, rule=close_scoring, facts=ALL, actor=CLOSER
    ).then(CLOSED)


def test_a_closing_does_not_wait_for_a_struck_candidate() -> None:
    some = ScoringFacts(candidates=dict.fromkeys((B, C, D, E), IN))
    past = given(selection_round, *OPEN, LISTED, struck(A))
    closed = CLOSED.model_copy(update={"applications": (B, C, D, E)})
    past.when(CLOSE, rule=close_scoring, facts=some, actor=CLOSER).then(closed)


def test_scoring_is_not_closed_before_verification_is() -> None:
    given(selection_round, *OPEN).when(CLOSE, rule=close_scoring, facts=ALL).refused(
        "candidates-not-listed"
    )


def test_scoring_is_not_closed_before_all_have_entered() -> None:
    some = ScoringFacts(candidates=dict.fromkeys((A, B, C), IN))
    closing = given(selection_round, *OPEN, LISTED).when(CLOSE, rule=close_scoring, facts=some)
    closing.refused("candidates-not-entered", f"2 ({D}, {E})")
    for query in ("GET /rounds/mihas-2018 ", "GET /candidates?exhibition=mihas-2018 "):
        closing.refused("candidates-not-entered", query)


@pytest.mark.parametrize(
    "short",
    [
        with_sheets(assigned=(ANI, BUDI), scored=(ANI, BUDI)),
        with_sheets(assigned=(*PANEL, DEWI)),
        with_sheets(assigned=(), scored=()),
    ],
)
def test_scoring_is_not_closed_while_sheets_are_missing(short: ScoringFacts) -> None:
    closing = given(selection_round, *OPEN, LISTED).when(CLOSE, rule=close_scoring, facts=short)
    closing.refused("sheets-missing", f"1 ({D})")
    closing.refused("sheets-missing", "GET /rounds/mihas-2018/missing-sheets")


def test_sheets_that_lie_too_far_apart_ask_for_one_more() -> None:
    def closing(**changed: CandidateSheets) -> When:
        candidates = {**ALL.candidates, **{f"{EXHIBITION}.{id}": it for id, it in changed.items()}}
        return given(selection_round, *OPEN, LISTED).when(
            CLOSE, rule=close_scoring, facts=ScoringFacts(candidates=candidates), actor=CLOSER
        )

    wide = replace(IN, is_wide=True)
    closing(d=wide).refused("spread-too-wide", D)
    more = (*PANEL, DEWI)
    assert closing(d=replace(wide, assigned=more, scored=more, scorers=more)).events()
    closing(c=replace(IN, scored=()), d=wide).refused("sheets-missing", "2 (")


def test_a_refusal_names_ten_candidates_and_the_query_that_lists_all() -> None:
    many = tuple(f"{EXHIBITION}.{number:02}" for number in range(12))
    listed = LISTED.model_copy(update={"applications": many})
    short = ScoringFacts(candidates=dict.fromkeys(many, replace(IN, scored=())))
    closing = given(selection_round, *OPEN, listed).when(CLOSE, rule=close_scoring, facts=short)
    closing.refused("sheets-missing", f"12 ({', '.join(many[:10])}, …)")


def test_a_closing_records_the_people_and_their_conflicts() -> None:
    # The sheet of Erna was set aside: she has scored.
    facts = with_sheets(
        scored=(ANI, BUDI, DEWI),
        scorers=(ANI, BUDI, DEWI, "erna"),
        assigned=(ANI,),
        conflicted=(CITRA,),
    )
    past = given(selection_round, *OPEN, LISTED)
    (closed,) = past.when(CLOSE, rule=close_scoring, facts=facts, actor=CLOSER).events()
    scoring = given(selection_round, *OPEN, LISTED, closed).state.scoring
    assert (scoring.closed_by, scoring.scored_by) == (
        CLOSER,
        (ANI, BUDI, CITRA, DEWI, "erna"),
    )
    assert scoring.conflicts == (DeclaredConflict(application=D, curator=CITRA),)
    assert not any(name in closed.public_json() for name in (CLOSER, ANI, CITRA))


def test_who_has_an_interest_in_a_candidate_does_not_close_the_scoring() -> None:
    past = given(selection_round, *OPEN, LISTED)
    past.when(CLOSE, rule=close_scoring, facts=ALL, enterprise="d").refused("own-enterprise")
    assert past.when(CLOSE, rule=close_scoring, facts=ALL, enterprise="z").events()
    conflicted = with_sheets(conflicted=(DEWI,))
    past.when(CLOSE, rule=close_scoring, facts=conflicted, actor=DEWI).refused("conflict-declared")
    struck_since = given(selection_round, *OPEN, LISTED, struck(D))
    assert struck_since.when(CLOSE, rule=close_scoring, facts=conflicted, actor=DEWI).events()


def test_scoring_is_closed_once() -> None:
    given(selection_round, *CLOSED_SCORING).when(CLOSE, rule=close_scoring, facts=ALL).refused(
        "round-not-open"
    )
    appointing(given(selection_round, *CLOSED_SCORING), *PANEL, DEWI).refused("round-not-open")


def test_closings_are_counted() -> None:
    second = CLOSED.model_copy(update={"closing": 2})
    given(selection_round, *CLOSED_SCORING, RETURNED).when(
        CLOSE, rule=close_scoring, facts=ALL, actor=CLOSER
    ).then(second)
