"""The rules of score sheets: a complete sheet per curator, frozen once a closing has opened it."""

from dataclasses import replace
from typing import Any

import pytest

from services.selection.domain.candidate.assignments import (
    AssignCurator,
    AssignCurators,
    PanelFacts,
    UnassignCurator,
    assign_curator,
    assign_curators,
    unassign_curator,
)
from services.selection.domain.candidate.conflicts import DeclareConflict, declare_conflict
from services.selection.domain.candidate.decider import CandidateCommand, SealSheets, candidate
from services.selection.domain.candidate.points import not_passed
from services.selection.domain.candidate.score_sheets import (
    ModerateScores,
    RetractScoreSheet,
    SheetFacts,
    SubmitScoreSheet,
    moderate_scores,
    submit_score_sheet,
)
from services.selection.domain.candidate.state import Moderation
from shared.contracts.selection.candidate import (
    CandidateEnd,
    CandidateEnded,
    CandidateEvent,
    CandidateScored,
    CandidateWithdrawn,
    ModerationCode,
    ScoreSheetRetracted,
    UnassignmentCode,
)
from shared.contracts.selection.rubric import Gate
from shared.kernel.decider import Origin
from tests.given import Given, When, given
from tests.rubrics import SPOKEN, rubric_of
from tests.selection.examples import (
    ANI,
    APPLICANT,
    BUDI,
    CITRA,
    DEWI,
    ENTERED,
    PANEL,
    RETURNED_TO_SCORING,
    SCORED,
    SCORING,
    SHEETS,
    WEIGHTS,
    assigned,
    moderated,
    sheet,
    submitted,
)

RUBRIC = SheetFacts(rubric=rubric_of(WEIGHTS))
SUBMIT = SubmitScoreSheet(levels={"quality": 4, "price": 4})
RETRACT = RetractScoreSheet()
MODERATE = ModerateScores(
    levels={"quality": 5, "price": 4},
    code=ModerationCode.DISCUSSION,
    reason="I had missed the second sample",
)
RETRACTED = ScoreSheetRetracted(applicant=APPLICANT, curator=ANI)
WITHDRAWN = CandidateWithdrawn(applicant=APPLICANT)
ENDED = CandidateEnded(applicant=APPLICANT, code=CandidateEnd.CANCELLED)
BETTER = sheet(ANI, quality=5)
"""Ani's moderated sheet: 9,200 instead of 8,000."""


def submitting(past: Given, command: SubmitScoreSheet = SUBMIT, **about: Any) -> When:
    about = {"actor": ANI} | about
    return past.when(command, rule=submit_score_sheet, facts=RUBRIC, **about)


def moderating(past: Given, command: ModerateScores = MODERATE, **about: Any) -> When:
    about = {"actor": ANI} | about
    return past.when(command, rule=moderate_scores, facts=RUBRIC, **about)


def test_an_assigned_curator_submits_a_sheet_with_its_total() -> None:
    submitting(given(candidate, ENTERED, assigned(ANI))).then(submitted(sheet(ANI)))


def test_a_curator_that_is_not_assigned_submits_no_sheet() -> None:
    submitting(given(candidate, ENTERED)).refused("not-assigned")


def test_a_curator_submits_at_most_one_sheet() -> None:
    submitting(given(candidate, *SCORING)).refused("sheet-submitted")
    submitting(given(candidate, *RETURNED_TO_SCORING)).refused("sheet-opened")


def test_every_criterion_is_answered() -> None:
    incomplete = SubmitScoreSheet(levels={"quality": 4})
    submitting(given(candidate, ENTERED, assigned(ANI)), incomplete).refused("criterion-unanswered")


OWN = Gate(code="own-product", text=SPOKEN)
UNDER_GATES = SheetFacts(
    rubric=rubric_of(WEIGHTS, OWN, Gate(code="wood", text=SPOKEN, sectors=("16",)))
)


@pytest.mark.parametrize(
    ("gates", "refusal"),
    [
        ({}, "criterion-unanswered"),
        ({"own-product": True, "wood": True}, "criterion-unknown"),
        ({"own-product": True}, None),
    ],
)
def test_a_sheet_answers_the_gates_of_the_sector(
    gates: dict[str, bool], refusal: str | None
) -> None:
    command = replace(SUBMIT, gates=gates)
    sent = given(candidate, ENTERED, assigned(ANI)).when(
        command, rule=submit_score_sheet, facts=UNDER_GATES, actor=ANI
    )
    if refusal:
        sent.refused(refusal)
    else:
        sent.then(submitted(sheet(ANI).model_copy(update={"gates": gates})))


@pytest.mark.parametrize(
    ("answers", "stopped"),
    [
        ((True, True, True), False),
        ((False, True, True), False),
        ((False, False, True), True),
        ((False, False, True, True), False),
    ],
)
def test_a_gate_stops_whom_more_than_half_of_the_sheets_find_not_to_meet_it(
    answers: tuple[bool, ...], stopped: bool
) -> None:
    sheets = [sheet(ANI).model_copy(update={"gates": {"own-product": each}}) for each in answers]
    assert not_passed(sheets) == (("own-product",) if stopped else ())


def test_a_retracted_sheet_may_be_submitted_again() -> None:
    given(candidate, *SCORING).when(RETRACT, actor=ANI).then(RETRACTED)
    submitting(given(candidate, *SCORING, RETRACTED)).then(submitted(sheet(ANI)))


def test_a_curator_retracts_no_sheet_of_another_curator() -> None:
    given(candidate, *SCORING).when(RETRACT, actor=DEWI).refused("no-sheet")


def test_a_curator_neither_scores_nor_retracts_nor_moderates_at_its_own_enterprise() -> None:
    own: dict[str, Any] = {"enterprise": "a"}
    submitting(given(candidate, ENTERED, assigned(ANI)), **own).refused("own-enterprise")
    given(candidate, *SCORING).when(RETRACT, actor=ANI, **own).refused("own-enterprise")
    moderating(given(candidate, *RETURNED_TO_SCORING), **own).refused("own-enterprise")
    submitting(given(candidate, ENTERED, assigned(ANI)), enterprise="b").then(submitted(sheet(ANI)))


def test_a_curator_whose_enterprise_is_a_candidate_scores_no_rival() -> None:
    rival: dict[str, Any] = {"enterprise": "b"}
    contending = replace(RUBRIC, contender="b")
    for past, command, rule in (
        ((ENTERED, assigned(ANI)), SUBMIT, submit_score_sheet),
        (RETURNED_TO_SCORING, MODERATE, moderate_scores),
    ):
        given(candidate, *past).when(
            command, rule=rule, facts=contending, actor=ANI, **rival
        ).refused("own-enterprise", "a candidate of this selection")


def test_an_opened_sheet_is_not_retracted_even_after_a_return() -> None:
    given(candidate, *RETURNED_TO_SCORING).when(RETRACT, actor=ANI).refused("sheet-opened")


def test_a_sheet_that_came_after_the_return_may_be_retracted_until_the_next_closing() -> None:
    later = (*RETURNED_TO_SCORING, assigned(DEWI), submitted(sheet(DEWI)))
    retracted = ScoreSheetRetracted(applicant=APPLICANT, curator=DEWI)
    given(candidate, *later).when(RETRACT, actor=DEWI).then(retracted)


def test_a_moderated_sheet_counts_and_the_first_is_kept_beside_it() -> None:
    moderating(given(candidate, *RETURNED_TO_SCORING)).then(moderated(BETTER))
    after = given(candidate, *RETURNED_TO_SCORING, moderated(BETTER))
    assert after.state.sheets == (BETTER, *SHEETS[1:])
    first = Moderation(replaced=SHEETS[0], code=MODERATE.code, reason=MODERATE.reason)
    assert after.state.moderations == (first,)
    after.when(SealSheets(closing=2, sheets_min=3), origin=Origin.REACTION).then(
        CandidateScored(
            applicant=APPLICANT, closing=2, scored=True, score=9_067, sheets=after.state.sheets
        )
    )


def test_a_moderation_is_undone_by_another_and_all_sheets_are_kept() -> None:
    after = given(candidate, *RETURNED_TO_SCORING, moderated(BETTER))
    back = ModerateScores(levels=SUBMIT.levels, code=MODERATE.code, reason=MODERATE.reason)
    moderating(after, back).then(moderated(SHEETS[0]))
    both = given(candidate, *RETURNED_TO_SCORING, moderated(BETTER), moderated(SHEETS[0])).state
    assert both.sheets == SHEETS
    assert [moderation.replaced for moderation in both.moderations] == [SHEETS[0], BETTER]


def test_the_same_levels_moderate_nothing() -> None:
    moderating(given(candidate, *RETURNED_TO_SCORING, moderated(BETTER))).then()


def test_only_an_own_opened_and_complete_sheet_is_moderated() -> None:
    moderating(given(candidate, *SCORING)).refused("sheet-not-opened")
    moderating(given(candidate, *RETURNED_TO_SCORING), actor=DEWI).refused("no-sheet")
    incomplete = ModerateScores(
        levels={"quality": 4}, code=ModerationCode.MISTAKE, reason="a slip of the pen"
    )
    moderating(given(candidate, *RETURNED_TO_SCORING), incomplete).refused("criterion-unanswered")


def test_the_topic_has_the_code_of_a_moderation_only() -> None:
    public = moderated(BETTER).public_json()
    assert '"code":"discussion"' in public
    assert [word for word in ("levels", "sample", ANI) if word in public] == []


ON_PANEL = PanelFacts(curators=PANEL)
UNASSIGN = UnassignCurator(curator=ANI, code=UnassignmentCode.OTHER, reason="a slip")
ALL: list[tuple[CandidateCommand, object, object]] = [
    (AssignCurator(curator=ANI), ON_PANEL, assign_curator),
    (AssignCurators(curators=(ANI, BUDI, CITRA)), ON_PANEL, assign_curators),
    (UNASSIGN, ON_PANEL, unassign_curator),
    (DeclareConflict(reason="my sister's workshop"), ON_PANEL, declare_conflict),
    (SUBMIT, RUBRIC, submit_score_sheet),
    (MODERATE, RUBRIC, moderate_scores),
    (RETRACT, None, None),
]


@pytest.mark.parametrize(("command", "facts", "rule"), ALL)
@pytest.mark.parametrize(
    ("past", "code"),
    [
        ((), "not-found"),
        ((*SCORING, SCORED), "sheets-sealed"),
        ((*SCORING, WITHDRAWN), "candidate-withdrawn"),
        ((*SCORING, ENDED), "candidate-ended"),
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
