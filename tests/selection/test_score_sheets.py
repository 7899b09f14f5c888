"""The rules of score sheets: assignments, conflicts of interest, a complete sheet per curator."""

import pytest

from services.selection.domain.candidate.decider import CandidateCommand, candidate
from services.selection.domain.candidate.score_sheets import (
    AssignCurator,
    DeclareConflict,
    PanelFacts,
    RetractScoreSheet,
    SheetFacts,
    SubmitScoreSheet,
    assign_curator,
    declare_conflict,
    submit_score_sheet,
)
from shared.contracts.selection.candidate import (
    CandidateEvent,
    CandidateWithdrawn,
    ConflictDeclared,
    ScoreSheetRetracted,
)
from shared.kernel.decider import Origin
from tests.given import given
from tests.selection.examples import (
    ANI,
    APPLICANT,
    BUDI,
    DEWI,
    ENTERED,
    PANEL,
    SCORED,
    SCORING,
    WEIGHTS,
    assigned,
    sheet,
    submitted,
)

ON_PANEL = PanelFacts(curators=PANEL)
RUBRIC = SheetFacts(weights=WEIGHTS)
ASSIGN = AssignCurator(curator=ANI)
DECLARE = DeclareConflict(reason="my sister's workshop")
SUBMIT = SubmitScoreSheet(levels={"quality": 4, "price": 4})
RETRACT = RetractScoreSheet()
CONFLICTED = ConflictDeclared(applicant=APPLICANT, curator=ANI, reason="my sister's workshop")
RETRACTED = ScoreSheetRetracted(applicant=APPLICANT, curator=ANI)
WITHDRAWN = CandidateWithdrawn(applicant=APPLICANT)


def test_a_curator_of_the_panel_is_assigned_once() -> None:
    given(candidate, ENTERED).when(ASSIGN, rule=assign_curator, facts=ON_PANEL).then(assigned(ANI))
    given(candidate, ENTERED, assigned(ANI)).when(
        ASSIGN, rule=assign_curator, facts=ON_PANEL
    ).then()


def test_only_the_panel_is_assigned() -> None:
    stranger = AssignCurator(curator=DEWI)
    given(candidate, ENTERED).when(stranger, rule=assign_curator, facts=ON_PANEL).refused(
        "not-on-panel"
    )


def test_a_conflicted_curator_is_not_assigned() -> None:
    past = given(candidate, ENTERED, CONFLICTED)
    past.when(ASSIGN, rule=assign_curator, facts=ON_PANEL).refused("curator-conflicted")


def test_a_curator_declares_its_own_conflict_once_assigned_or_not() -> None:
    for past in ((ENTERED,), (ENTERED, assigned(ANI))):
        given(candidate, *past).when(
            DECLARE, rule=declare_conflict, facts=ON_PANEL, actor=ANI
        ).then(CONFLICTED)
    again = given(candidate, ENTERED, CONFLICTED)
    again.when(DECLARE, rule=declare_conflict, facts=ON_PANEL, actor=ANI).then()


def test_a_stranger_declares_no_conflict() -> None:
    given(candidate, ENTERED).when(
        DECLARE, rule=declare_conflict, facts=ON_PANEL, actor=DEWI
    ).refused("not-on-panel")


def test_a_conflict_ends_the_assignment_of_that_curator_only() -> None:
    past = given(candidate, ENTERED, assigned(ANI), assigned(BUDI), CONFLICTED)
    assert past.state.curators == (BUDI,)
    past.when(SUBMIT, rule=submit_score_sheet, facts=RUBRIC, actor=ANI).refused(
        "curator-conflicted"
    )
    past.when(SUBMIT, rule=submit_score_sheet, facts=RUBRIC, actor=BUDI).then(
        submitted(sheet(BUDI))
    )


def test_a_curator_retracts_its_sheet_before_it_declares_a_conflict() -> None:
    past = given(candidate, *SCORING)
    past.when(DECLARE, rule=declare_conflict, facts=ON_PANEL, actor=ANI).refused("sheet-submitted")
    retracted = given(candidate, *SCORING, RETRACTED)
    retracted.when(DECLARE, rule=declare_conflict, facts=ON_PANEL, actor=ANI).then(CONFLICTED)


def test_an_assigned_curator_submits_a_sheet_with_its_total() -> None:
    past = given(candidate, ENTERED, assigned(ANI))
    past.when(SUBMIT, rule=submit_score_sheet, facts=RUBRIC, actor=ANI).then(submitted(sheet(ANI)))


def test_a_curator_that_is_not_assigned_submits_no_sheet() -> None:
    given(candidate, ENTERED).when(
        SUBMIT, rule=submit_score_sheet, facts=RUBRIC, actor=ANI
    ).refused("not-assigned")


def test_a_curator_submits_at_most_one_sheet() -> None:
    given(candidate, *SCORING).when(
        SUBMIT, rule=submit_score_sheet, facts=RUBRIC, actor=ANI
    ).refused("sheet-submitted")


def test_every_criterion_is_answered() -> None:
    incomplete = SubmitScoreSheet(levels={"quality": 4})
    past = given(candidate, ENTERED, assigned(ANI))
    past.when(incomplete, rule=submit_score_sheet, facts=RUBRIC, actor=ANI).refused(
        "criterion-unanswered"
    )


def test_a_retracted_sheet_may_be_submitted_again() -> None:
    given(candidate, *SCORING).when(RETRACT, actor=ANI).then(RETRACTED)
    again = given(candidate, *SCORING, RETRACTED)
    again.when(SUBMIT, rule=submit_score_sheet, facts=RUBRIC, actor=ANI).then(submitted(sheet(ANI)))


def test_a_curator_retracts_no_sheet_of_another_curator() -> None:
    given(candidate, *SCORING).when(RETRACT, actor=DEWI).refused("no-sheet")


ALL: list[tuple[CandidateCommand, object, object]] = [
    (ASSIGN, ON_PANEL, assign_curator),
    (DECLARE, ON_PANEL, declare_conflict),
    (SUBMIT, RUBRIC, submit_score_sheet),
    (RETRACT, None, None),
]


@pytest.mark.parametrize(("command", "facts", "rule"), ALL)
@pytest.mark.parametrize(
    ("past", "code"),
    [
        ((), "not-found"),
        ((*SCORING, SCORED), "sheets-sealed"),
        ((*SCORING, WITHDRAWN), "candidate-withdrawn"),
    ],
)
def test_only_an_unsealed_candidate_is_scored(
    past: tuple[CandidateEvent, ...],
    code: str,
    command: CandidateCommand,
    facts: object,
    rule: object,
) -> None:
    state = given(candidate, *past)
    state.when(command, rule=rule, facts=facts, actor=ANI).refused(code)
    state.when(command, rule=rule, facts=facts, actor=ANI, origin=Origin.REACTION).then()
