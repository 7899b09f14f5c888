"""The rules of assignments: curators of the panel, several at once, and back until the opening."""

from typing import Any

from services.selection.domain.candidate.assignments import (
    AssignCurator,
    AssignCurators,
    PanelFacts,
    UnassignCurator,
    assign_curator,
    assign_curators,
    unassign_curator,
)
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.state import Assignment, Progress
from services.selection.domain.ranking.sealed import sealed_candidate
from services.selection.domain.selection_round.scoring_phase import sheets_of
from shared.contracts.selection.candidate import UnassignmentCode
from tests.given import Given, When, given
from tests.selection.examples import (
    ANI,
    BUDI,
    CITRA,
    DEWI,
    ENTERED,
    OFFICER,
    PANEL,
    REOPENED,
    RETURNED_TO_SCORING,
    SCORED,
    SCORING,
    SHEETS,
    A,
    assigned,
    conflicted,
    sheet,
    submitted,
    unassigned,
)

ON_PANEL = PanelFacts(curators=PANEL)
ASSIGN = AssignCurator(curator=ANI)
ASSIGN_TWO = AssignCurators(curators=(ANI, BUDI))
UNASSIGN = UnassignCurator(curator=ANI, code=UnassignmentCode.UNAVAILABLE, reason="she is ill")


def assigning(past: Given, command: AssignCurator = ASSIGN, **about: Any) -> When:
    about = {"actor": OFFICER} | about
    return past.when(command, rule=assign_curator, facts=ON_PANEL, **about)


def assigning_several(past: Given, command: AssignCurators = ASSIGN_TWO, **about: Any) -> When:
    about = {"actor": OFFICER} | about
    return past.when(command, rule=assign_curators, facts=ON_PANEL, **about)


def unassigning(past: Given, command: UnassignCurator = UNASSIGN, **about: Any) -> When:
    about = {"actor": OFFICER} | about
    return past.when(command, rule=unassign_curator, facts=ON_PANEL, **about)


def test_a_curator_of_the_panel_is_assigned_once_by_an_officer_that_history_names() -> None:
    assigning(given(candidate, ENTERED)).then(assigned(ANI))
    assigning(given(candidate, ENTERED, assigned(ANI))).then()
    state = given(candidate, ENTERED, assigned(ANI)).state
    assert state.assignments == (Assignment(curator=ANI, assigned_by=OFFICER),)
    assert "officer" not in assigned(ANI).public_json()


def test_only_the_panel_is_assigned() -> None:
    stranger = AssignCurator(curator=DEWI)
    assigning(given(candidate, ENTERED), stranger).refused("not-on-panel")


def test_a_conflicted_curator_is_not_assigned() -> None:
    assigning(given(candidate, ENTERED, conflicted(ANI))).refused("curator-conflicted")


def test_several_curators_are_assigned_in_a_single_write() -> None:
    assigning_several(given(candidate, ENTERED)).then(assigned(ANI), assigned(BUDI))
    assigning_several(given(candidate, ENTERED, assigned(ANI))).then(assigned(BUDI))
    assigning_several(given(candidate, ENTERED, assigned(ANI), assigned(BUDI))).then()
    twice = AssignCurators(curators=(ANI, ANI))
    assigning_several(given(candidate, ENTERED), twice).then(assigned(ANI))


def test_of_several_curators_all_are_assigned_or_none() -> None:
    stranger = AssignCurators(curators=(ANI, DEWI))
    assigning_several(given(candidate, ENTERED), stranger).refused("not-on-panel")
    assigning_several(given(candidate, ENTERED, conflicted(BUDI))).refused("curator-conflicted")


def test_an_officer_unassigns_a_curator_and_may_assign_it_again() -> None:
    past = given(candidate, ENTERED, assigned(ANI), assigned(BUDI))
    unassigning(past).then(unassigned(ANI))
    after = given(candidate, ENTERED, assigned(ANI), assigned(BUDI), unassigned(ANI))
    assert (after.state.curators, after.state.awaited) == ((BUDI,), (BUDI,))
    assigning(after).then(assigned(ANI))
    assert "she is ill" not in unassigned(ANI).public_json()
    assert "officer" not in unassigned(ANI).public_json()


def test_only_an_assigned_curator_is_unassigned() -> None:
    unassigning(given(candidate, ENTERED)).refused("not-assigned")


def test_the_unopened_sheet_of_an_unassigned_curator_is_set_aside() -> None:
    unassigning(given(candidate, *SCORING)).then(unassigned(ANI))
    state = given(candidate, *SCORING, unassigned(ANI)).state
    assert (state.sheets, state.set_aside) == (SHEETS[1:], SHEETS[:1])
    # An assignment does not bring it back: the curator submits a sheet again.
    again = given(candidate, *SCORING, unassigned(ANI), assigned(ANI))
    assert again.state.awaited == (ANI,)
    second = (unassigned(ANI), assigned(ANI), submitted(sheet(ANI)))
    state = given(candidate, *SCORING, *second).state
    assert (len(state.sheets), state.set_aside) == (3, SHEETS[:1])


def test_who_has_scored_stays_known_though_the_sheet_was_set_aside() -> None:
    state = given(candidate, *SCORING, unassigned(ANI)).state
    assert sorted(state.scorers) == [ANI, BUDI, CITRA]
    assert sorted(sheets_of(state).scorers) == [ANI, BUDI, CITRA]
    seal = SCORED.model_copy(update={"sheets": SHEETS[1:], "scored": False, "score": None})
    sealed = sealed_candidate(A, given(candidate, *SCORING, unassigned(ANI), seal).state)
    assert sealed is not None
    assert sorted(sealed.scorers) == [ANI, BUDI, CITRA]


def test_a_curator_whose_sheet_was_opened_is_not_unassigned() -> None:
    unassigning(given(candidate, *RETURNED_TO_SCORING)).refused("sheet-opened")
    later = given(candidate, *RETURNED_TO_SCORING, assigned(DEWI))
    late = UnassignCurator(curator=DEWI, code=UnassignmentCode.UNAVAILABLE, reason="she is ill")
    unassigning(later, late).then(unassigned(DEWI))


def test_no_officer_assigns_or_unassigns_at_its_own_enterprise() -> None:
    own: dict[str, Any] = {"actor": OFFICER, "enterprise": "a"}
    assigning(given(candidate, ENTERED), **own).refused("own-enterprise")
    assigning_several(given(candidate, ENTERED), **own).refused("own-enterprise")
    past = given(candidate, ENTERED, assigned(ANI))
    unassigning(past, **own).refused("own-enterprise")
    assigning(given(candidate, ENTERED), enterprise="b").then(assigned(ANI))


def test_who_speaks_for_a_candidate_chooses_no_curator_of_its_rivals() -> None:
    contending = PanelFacts(curators=PANEL, contender="b")
    past = given(candidate, ENTERED, assigned(BUDI))
    unassign = UnassignCurator(curator=BUDI, code=UnassignmentCode.OTHER, reason="a slip")
    for command, rule in (
        (ASSIGN, assign_curator),
        (ASSIGN_TWO, assign_curators),
        (unassign, unassign_curator),
    ):
        rival = past.when(command, rule=rule, facts=contending, actor=OFFICER, enterprise="b")
        rival.refused("own-enterprise", "a candidate of this selection")
        assert past.when(command, rule=rule, facts=ON_PANEL, enterprise="b").events()


def test_no_officer_decides_after_its_own_conflict() -> None:
    past = given(candidate, ENTERED, assigned(ANI), conflicted(DEWI))
    assigning(past, AssignCurator(curator=BUDI), actor=DEWI).refused("curator-conflicted")
    unassigning(past, actor=DEWI).refused("curator-conflicted")


def test_the_progress_names_the_step_of_the_scoring() -> None:
    progress = Progress
    short = SCORED.model_copy(update={"sheets": SHEETS[1:], "scored": False, "score": None})
    for past, step in (
        ((ENTERED,), progress.UNASSIGNED),
        ((ENTERED, assigned(ANI)), progress.AWAITS_SHEETS),
        (SCORING, progress.SHEETS_IN),
        ((*SCORING, assigned(DEWI)), progress.AWAITS_SHEETS),
        ((ENTERED, assigned(CITRA), unassigned(CITRA)), progress.UNASSIGNED),
        ((*SCORING, SCORED), progress.SEALED),
        ((*SCORING, unassigned(ANI), short), progress.UNSCORED),
        ((*SCORING, unassigned(ANI), short, REOPENED), progress.SHEETS_IN),
    ):
        assert given(candidate, *past).state.progress is step
