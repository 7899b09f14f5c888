"""The rules of conflicts of interest: a curator declares its own, and no sheet of it counts."""

from services.selection.domain.candidate.assignments import PanelFacts
from services.selection.domain.candidate.conflicts import DeclareConflict, declare_conflict
from services.selection.domain.candidate.decider import SealSheets, candidate
from services.selection.domain.candidate.score_sheets import (
    ModerateScores,
    SheetFacts,
    SubmitScoreSheet,
    moderate_scores,
    submit_score_sheet,
)
from shared.contracts.selection.candidate import (
    CandidateScored,
    ModerationCode,
    ScoreSheetRetracted,
)
from shared.kernel.decider import Origin
from tests.given import Given, When, given
from tests.rubrics import rubric_of
from tests.selection.examples import (
    ANI,
    APPLICANT,
    BUDI,
    DEWI,
    ENTERED,
    PANEL,
    RETURNED_TO_SCORING,
    SCORING,
    SHEETS,
    WEIGHTS,
    assigned,
    conflicted,
    sheet,
    submitted,
)

DECLARE = DeclareConflict(reason="my sister's workshop")
RUBRIC = SheetFacts(rubric=rubric_of(WEIGHTS))
SUBMIT = SubmitScoreSheet(levels={"quality": 4, "price": 4})
RETRACTED = ScoreSheetRetracted(applicant=APPLICANT, curator=ANI)


def declaring(past: Given, actor: str = ANI, **about: str) -> When:
    facts = PanelFacts(curators=PANEL)
    return past.when(DECLARE, rule=declare_conflict, facts=facts, actor=actor, **about)


def test_a_curator_declares_its_own_conflict_once_assigned_or_not() -> None:
    for past in ((ENTERED,), (ENTERED, assigned(ANI))):
        declaring(given(candidate, *past)).then(conflicted(ANI))
    declaring(given(candidate, ENTERED, conflicted(ANI))).then()


def test_a_stranger_declares_no_conflict() -> None:
    declaring(given(candidate, ENTERED), DEWI).refused("not-on-panel")


def test_a_curator_of_the_own_enterprise_may_declare_the_conflict() -> None:
    # The declaration binds it also when its next token names no enterprise.
    declaring(given(candidate, ENTERED), enterprise="a").then(conflicted(ANI))


def test_a_conflict_ends_the_assignment_of_that_curator_only() -> None:
    past = given(candidate, ENTERED, assigned(ANI), assigned(BUDI), conflicted(ANI))
    assert past.state.curators == past.state.awaited == (BUDI,)
    past.when(SUBMIT, rule=submit_score_sheet, facts=RUBRIC, actor=ANI).refused(
        "curator-conflicted"
    )
    past.when(SUBMIT, rule=submit_score_sheet, facts=RUBRIC, actor=BUDI).then(
        submitted(sheet(BUDI))
    )


def test_a_curator_retracts_its_sheet_before_it_declares_a_conflict() -> None:
    declaring(given(candidate, *SCORING)).refused("sheet-submitted")
    declaring(given(candidate, *SCORING, RETRACTED)).then(conflicted(ANI))


def test_the_opened_sheet_of_a_conflicted_curator_is_kept_and_counts_no_more() -> None:
    past = given(candidate, *RETURNED_TO_SCORING)
    declaring(past).then(conflicted(ANI))
    after = given(candidate, *RETURNED_TO_SCORING, conflicted(ANI))
    assert (after.state.sheets, after.state.set_aside) == (SHEETS[1:], SHEETS[:1])
    after.when(SealSheets(closing=2, sheets_min=3), origin=Origin.REACTION).then(
        CandidateScored(applicant=APPLICANT, closing=2, scored=False, sheets=SHEETS[1:])
    )
    moderation = ModerateScores(
        levels={"quality": 5, "price": 5}, code=ModerationCode.OTHER, reason="again"
    )
    after.when(moderation, rule=moderate_scores, facts=RUBRIC, actor=ANI).refused(
        "curator-conflicted"
    )
