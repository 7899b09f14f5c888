"""Approvals by levels, the overrides of an authority, and conflicts that are declared late."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.selection.domain.candidate.conflicts import (
    LateConflictFacts,
    RecordLateConflict,
    record_late_conflict,
)
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.ranking.decider import MakeRanking, make_ranking, ranking
from services.selection.domain.ranking.state import Ranking
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.late_conflicts import DeclareLateConflict
from services.selection.domain.selection_round.overrides import (
    OverrideFacts,
    RecordOverride,
    WithdrawOverride,
    record_override,
)
from services.selection.domain.selection_round.proposal import (
    ApproveSelection,
    ProposedFacts,
    approve_selection,
)
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.selection.approval import (
    ApprovalLevel,
    Authority,
    Override,
    OverrideCode,
    OverrideEffect,
    VoidReason,
)
from shared.contracts.selection.round import (
    DeclaredConflict,
    LateConflictDeclared,
    OverrideRecorded,
    ProposalVoided,
    RoundEvent,
    SelectionApproved,
    SelectionEndorsed,
)
from shared.contracts.selection.round_seats import SignedDocument
from tests.given import When, given
from tests.selection.choices import solved
from tests.selection.examples import (
    ANI,
    APPROVED,
    APPROVER,
    CLOSED_SCORING,
    DIGEST,
    EXHIBITION,
    OFFICER,
    OPENED,
    PANEL,
    PROPOSAL,
    PROPOSED,
    RANKING,
    ROUND_FIELDS,
    SEALED,
    A,
    B,
    C,
    D,
    E,
    made,
)

TWO_LEVELS = (OPENED.model_copy(update={"technical_approval": True}), *PROPOSAL[1:])
ENDORSED = SelectionEndorsed(
    endorsed_on=date(2018, 2, 1), digest=DIGEST, endorsed_by=APPROVER, **ROUND_FIELDS
)
VOIDED = ProposalVoided(reason=VoidReason.OVERRIDE_CHANGED, **ROUND_FIELDS)
OVERRIDE = Override(
    application=E,
    effect=OverrideEffect.ADMITTED,
    code=OverrideCode.RULING,
    authority=Authority.COURT,
    document=SignedDocument(number="P-1/2018", signed_on=date(2018, 1, 31)),
)
RECORD = RecordOverride(
    application=E,
    effect=OverrideEffect.ADMITTED,
    code=OverrideCode.RULING,
    reason="a court has ruled",
    authority=Authority.COURT,
    number="P-1/2018",
    signed_on=date(2018, 1, 31),
)
RECORDED = OverrideRecorded(
    override=OVERRIDE, words="a court has ruled", recorded_by=OFFICER, **ROUND_FIELDS
)
LATE = LateConflictDeclared(
    closing=1,
    applications=(A, B, C, D, E),
    application=A,
    curator=ANI,
    words="a cousin",
    **ROUND_FIELDS,
)
DECLARE = DeclareLateConflict(application=A, reason="a cousin")


def approving(*past: RoundEvent, actor: str = APPROVER, facts: ProposedFacts = RANKING) -> When:
    return given(selection_round, *past).when(
        ApproveSelection(digest=DIGEST), rule=approve_selection, facts=facts, actor=actor
    )


def overriding(command: RecordOverride, *past: RoundEvent, gates: tuple[str, ...] = ()) -> When:
    return given(selection_round, *past).when(
        command, rule=record_override, facts=OverrideFacts(not_passed=gates), actor=OFFICER
    )


def test_the_first_of_two_levels_is_the_technical_approval() -> None:
    approving(*TWO_LEVELS).then(ENDORSED)
    state: Round = given(selection_round, *TWO_LEVELS, ENDORSED).state
    assert state.status is Status.PROPOSED
    assert state.endorsement is not None
    assert (state.endorsement.level, state.endorsement.digest) == (ApprovalLevel.TECHNICAL, DIGEST)


def test_another_person_gives_the_second_level() -> None:
    approving(*TWO_LEVELS, ENDORSED).refused("same-person", "technical approval")
    (approved,) = approving(*TWO_LEVELS, ENDORSED, actor="deputy").events()
    assert isinstance(approved, SelectionApproved)
    assert approved.selected == APPROVED.selected
    assert approved.approved_by == (APPROVER, "deputy")
    assert approved.decided_by is not None
    assert (approved.decided_by.scored_by, approved.decided_by.proposed_by) == (
        tuple(sorted(PANEL)),
        OFFICER,
    )
    assert [(each.level, each.account) for each in approved.decided_by.approvals] == [
        (ApprovalLevel.TECHNICAL, APPROVER),
        (ApprovalLevel.DEPUTY, "deputy"),
    ]
    state: Round = given(selection_round, *TWO_LEVELS, ENDORSED, approved).state
    assert [(each.level, each.approved_by) for each in state.approvals] == [
        (ApprovalLevel.TECHNICAL, APPROVER),
        (ApprovalLevel.DEPUTY, "deputy"),
    ]


def test_a_change_voids_the_approvals_and_keeps_them_readable() -> None:
    past = (*TWO_LEVELS, ENDORSED)
    overriding(RECORD, *past).then(RECORDED, VOIDED)
    state: Round = given(selection_round, *past, RECORDED, VOIDED).state
    assert (state.status, state.endorsement) == (Status.SCORING_CLOSED, None)
    assert [each.voided for each in state.approvals] == [VoidReason.OVERRIDE_CHANGED]
    again = given(selection_round, *past, RECORDED, VOIDED, PROPOSED)
    assert again.state.endorsement is None, "another proposal is endorsed anew"


def test_an_override_needs_a_document_and_passes_no_gate() -> None:
    overriding(RECORD, *CLOSED_SCORING).then(RECORDED)
    overriding(RECORD, *CLOSED_SCORING, gates=("own-product",)).refused("gate-not-passed")
    overriding(RECORD, *CLOSED_SCORING, RECORDED).refused("override-recorded")
    overriding(RECORD, *CLOSED_SCORING[:3]).refused("scoring-not-closed")
    overriding(RECORD, *PROPOSAL, APPROVED).refused("scoring-not-closed")
    future = replace(RECORD, signed_on=date(2019, 1, 1))
    overriding(future, *CLOSED_SCORING).refused("signed-in-the-future")
    stranger = replace(RECORD, application=f"{EXHIBITION}.z")
    overriding(stranger, *CLOSED_SCORING).refused("not-a-candidate")


def test_an_override_is_withdrawn_before_the_approval() -> None:
    withdraw = WithdrawOverride(application=E, reason="mistaken")
    past = given(selection_round, *CLOSED_SCORING, RECORDED)
    (withdrawn,) = past.when(withdraw, actor=OFFICER).events()
    state: Round = given(selection_round, *CLOSED_SCORING, RECORDED, withdrawn).state
    assert (state.overrides, state.inputs) == ((), 2)
    given(selection_round, *CLOSED_SCORING).when(withdraw, actor=OFFICER).refused("no-override")


def approving_override(actor: str, **context: Any) -> When:
    """Return the approval of a selection with an override that another person has proposed."""
    facts = replace(SEALED, terms=replace(SEALED.terms, overrides=(OVERRIDE,)), inputs=1)
    event = made(facts)
    proposed = PROPOSED.model_copy(
        update={"ranking": event.ranking, "digest": event.digest, "proposed_by": "another"}
    )
    return given(selection_round, *CLOSED_SCORING, RECORDED, proposed).when(
        ApproveSelection(digest=event.digest),
        rule=approve_selection,
        facts=ProposedFacts(ranking=ranking.evolve(None, event)),
        actor=actor,
        **context,
    )


def test_who_recorded_an_override_does_not_approve() -> None:
    approving_override(OFFICER).refused("same-person")
    (approved,) = approving_override(APPROVER).events()
    assert isinstance(approved, SelectionApproved)
    assert approved.overrides == (OVERRIDE,)
    assert E in approved.selected


def test_the_admitted_get_their_place_and_the_excluded_are_in_no_list() -> None:
    out = OVERRIDE.model_copy(update={"application": B, "effect": OverrideEffect.EXCLUDED})
    event = made(replace(SEALED, terms=replace(SEALED.terms, overrides=(OVERRIDE, out)), inputs=2))
    state: Ranking = given(ranking, event).state
    assert (state.selected, state.reserve, state.below) == ((C, E), (A, D), (B,))
    assert [(each.bound, each.numbers) for each in state.passed_over] == [("OVERRIDE", (2,))]
    assert state.digest != made(SEALED).digest, "the digest has the overrides"


def test_overrides_beyond_the_places_are_refused() -> None:
    all_of_them = tuple(OVERRIDE.model_copy(update={"application": id}) for id in (A, D, E))
    facts = replace(SEALED, terms=replace(SEALED.terms, overrides=all_of_them), inputs=3)
    given(ranking).when(
        MakeRanking(), rule=make_ranking, facts=facts, subject=f"{EXHIBITION}.1-5-3"
    ).refused("overrides-exceed-bound")


def test_a_gate_that_closes_later_stops_the_override() -> None:
    stopped = replace(SEALED.candidates[E], not_passed=("own-product",))
    facts = replace(
        SEALED,
        candidates={**SEALED.candidates, E: stopped},
        terms=replace(SEALED.terms, overrides=(OVERRIDE,)),
        inputs=1,
    )
    given(ranking).when(
        MakeRanking(), rule=make_ranking, facts=facts, subject=f"{EXHIBITION}.1-5-1"
    ).refused("gate-not-passed")
    assert solved(SEALED).solution is not None


@pytest.mark.parametrize("past", [CLOSED_SCORING, PROPOSAL, (*TWO_LEVELS, ENDORSED)])
def test_a_late_conflict_opens_the_round_again_and_voids_approvals(
    past: tuple[RoundEvent, ...],
) -> None:
    given(selection_round, *past).when(DECLARE, actor=ANI).then(LATE)
    state: Round = given(selection_round, *past, LATE).state
    assert (state.status, state.proposal, state.endorsement) == (Status.OPEN, None, None)
    assert all(each.voided is VoidReason.CONFLICT_DECLARED for each in state.approvals)
    assert DeclaredConflict(application=A, curator=ANI) in state.conflicts
    given(selection_round, *past, LATE).when(DECLARE, actor=ANI).then()


def test_a_late_conflict_after_the_approval_is_refused() -> None:
    given(selection_round, *PROPOSAL, APPROVED).when(DECLARE, actor=ANI).refused("sheets-sealed")
    given(selection_round, *PROPOSAL).when(DECLARE, actor="stranger").refused("not-on-panel")


def test_a_candidate_records_a_late_conflict_that_its_round_knows() -> None:
    conflict = DeclaredConflict(application=A, curator=ANI)
    record = RecordLateConflict(curator=ANI, reason="a cousin")
    absent = given(candidate)
    facts = LateConflictFacts(conflicts=(conflict,))
    absent.when(record, rule=record_late_conflict, facts=facts, subject=A).then()
