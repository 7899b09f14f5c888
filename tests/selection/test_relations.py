"""The rules of inferred conflicts: relations bar a curator, and a correction lifts a mistake."""

from dataclasses import replace
from typing import Any

import pytest

from services.selection.domain.assigning.problem import RelatedCurator, problem_of
from services.selection.domain.candidate.assignments import (
    AssignCurator,
    PanelFacts,
    assign_curator,
)
from services.selection.domain.candidate.conflicts import (
    DeclareConflict,
    InferConflicts,
    declare_conflict,
    infer_conflicts,
)
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.relations import KnownRelations, with_inferred
from services.selection.domain.candidate.score_sheets import (
    ModerateScores,
    SheetFacts,
    SubmitScoreSheet,
    moderate_scores,
    submit_score_sheet,
)
from services.selection.domain.candidate.state import Conflict
from services.selection.domain.selection_round.decider import selection_round
from services.selection.responses.assignment import assignment_table
from services.selection.responses.candidate import candidate_response, may_see_candidate
from shared.contracts.relations import Relation, RelationKind
from shared.contracts.roles import Role
from shared.contracts.selection.candidate import (
    ConflictInferred,
    InferredConflictLifted,
    ModerationCode,
)
from shared.contracts.selection.curator import CuratorRelations
from shared.kernel.decider import Origin
from shared.kernel.keys import HashKeys
from tests.given import Given, When, given
from tests.relations import (
    DINAS,
    NPWP,
    RELATION_KEYS,
    SARI,
    TONO,
    board_member,
    itself,
    owner,
    proposer,
)
from tests.rubrics import rubric_of
from tests.selection.examples import (
    ANI,
    APPLICANT,
    APPOINTED,
    BUDI,
    CITRA,
    ENTERED,
    OFFICER,
    OPENED,
    PANEL,
    RETURNED_TO_SCORING,
    SCORED,
    SCORING,
    SHEETS,
    WEIGHTS,
    A,
    assigned,
    conflicted,
    submitted,
)

RELATIONS = (owner(SARI), itself(), proposer(DINAS))
RELATED = ENTERED.model_copy(update={"relations": RELATIONS})
BY_OWNER, BY_OFFICE = (RelationKind.OWNER,), (RelationKind.PROPOSER,)
SUBMIT = SubmitScoreSheet(levels={"quality": 4, "price": 4})
MODERATE = ModerateScores(
    levels={"quality": 5, "price": 5}, code=ModerationCode.OTHER, reason="again"
)


def related(*past: Any) -> Given:
    """Return candidate A with its relations and this further history."""
    return given(candidate, RELATED, *past)


def known(curator: str, *relations: Relation, keys: HashKeys = RELATION_KEYS) -> KnownRelations:
    """Return a panel of whose curators one has the hashes of these relations."""
    hashes = tuple(each.hash for each in relations)
    return KnownRelations(curators=(CuratorRelations(curator=curator, hashes=hashes),), keys=keys)


ANI_IS_OWNER = known(ANI, board_member(SARI))
ANI_IS_NONE = known(ANI, board_member(TONO))


def inferred(curator: str = ANI, kinds: tuple[RelationKind, ...] = BY_OWNER) -> ConflictInferred:
    """Return the event that a conflict of this curator with candidate A was inferred."""
    return ConflictInferred(applicant=APPLICANT, curator=curator, kinds=kinds)


LIFTED = InferredConflictLifted(applicant=APPLICANT, curator=ANI)


def inferring(past: Given, panel: KnownRelations = ANI_IS_OWNER, **about: Any) -> When:
    facts = PanelFacts(curators=PANEL, known=panel)
    about = {"origin": Origin.SWEEP} | about
    return past.when(InferConflicts(), rule=infer_conflicts, facts=facts, **about)


def assigning(past: Given, panel: KnownRelations, actor: str = OFFICER) -> When:
    facts = PanelFacts(curators=PANEL, known=panel)
    return past.when(AssignCurator(curator=ANI), rule=assign_curator, facts=facts, actor=actor)


@pytest.mark.parametrize(
    ("relation", "kind"),
    [
        (board_member(SARI), "OWNER"),
        (proposer("DINAS KOPERASI & UKM JAWA BARAT"), "PROPOSER"),
        (itself(NPWP), "ENTERPRISE"),
    ],
)
def test_a_related_curator_is_not_assigned_and_the_kind_is_said(
    relation: Relation, kind: str
) -> None:
    assigning(related(), known(ANI, relation)).refused("curator-related", f"({kind})")
    assigning(related(), ANI_IS_NONE).then(assigned(ANI))
    assigning(given(candidate, ENTERED), known(ANI, relation)).then(assigned(ANI))


def test_a_curator_related_in_two_ways_is_barred_by_both() -> None:
    both = known(ANI, owner(SARI), proposer(DINAS))
    assert both.related(related().state) == {ANI: (RelationKind.OWNER, RelationKind.PROPOSER)}


def test_a_related_officer_assigns_no_one_else_either() -> None:
    assigning(related(), known(OFFICER, owner(SARI)), OFFICER).refused("curator-related")


def test_a_related_curator_scores_nothing_also_before_it_is_recorded() -> None:
    facts = SheetFacts(rubric=rubric_of(WEIGHTS), known=ANI_IS_OWNER)
    past = related(assigned(ANI))
    past.when(SUBMIT, rule=submit_score_sheet, facts=facts, actor=ANI).refused("curator-related")
    unrelated = replace(facts, known=ANI_IS_NONE)
    assert past.when(SUBMIT, rule=submit_score_sheet, facts=unrelated, actor=ANI).events()
    opened = related(*RETURNED_TO_SCORING[1:])
    moderating = opened.when(MODERATE, rule=moderate_scores, facts=facts, actor=ANI)
    moderating.refused("curator-related")


def test_a_conflict_is_inferred_once_whether_the_curator_was_assigned_or_not() -> None:
    inferring(related()).then(inferred())
    inferring(related(assigned(ANI))).then(inferred())
    inferring(related(inferred())).then()
    inferring(related(), ANI_IS_NONE).then()
    inferring(related(conflicted(ANI))).then()


def test_a_sheet_of_a_related_curator_is_set_aside_opened_or_not() -> None:
    for past in (SCORING, RETURNED_TO_SCORING):
        inferring(related(*past[1:])).then(inferred())
        state = related(*past[1:], inferred()).state
        assert (state.sheets, state.set_aside) == (SHEETS[1:], SHEETS[:1])
        assert ANI not in (*state.curators, *state.awaited, *state.moderators)
        assert ANI in state.scorers


def test_nothing_is_inferred_where_nothing_can_change() -> None:
    inferring(related(*SCORING[1:], SCORED)).then()
    inferring(given(candidate)).then()
    inferring(related(*SCORING[1:], SCORED), origin=Origin.PERSON).then()


def test_a_corrected_number_lifts_the_conflict_until_a_sheet_is_opened() -> None:
    inferring(related(inferred()), ANI_IS_NONE).then(LIFTED)
    again = related(assigned(ANI), submitted(SHEETS[0]), inferred(), LIFTED)
    assert (again.state.conflicts, again.state.sheets) == ((), ())
    assigning(again, ANI_IS_NONE).then(assigned(ANI))
    opened = related(*RETURNED_TO_SCORING[1:], inferred())
    inferring(opened, ANI_IS_NONE).then()
    assigning(opened, ANI_IS_NONE).refused("curator-related")


def test_a_conflict_that_is_declared_after_it_was_inferred_is_for_good() -> None:
    facts = PanelFacts(curators=PANEL, known=ANI_IS_OWNER)
    declaring = related(inferred()).when(
        DeclareConflict(reason="my sister's workshop"),
        rule=declare_conflict,
        facts=facts,
        actor=ANI,
    )
    declaring.then(conflicted(ANI))
    past = related(inferred(), conflicted(ANI))
    assert past.state.conflicts == (Conflict(curator=ANI, reason="my sister's workshop"),)
    inferring(past, ANI_IS_NONE).then()


def test_no_event_of_a_conflict_shows_a_curator_or_a_kind_on_the_topic() -> None:
    for event in (inferred(), LIFTED, RELATED):
        public = event.public_json()
        assert ANI not in public
        assert "OWNER" not in public
        assert owner(SARI).hash not in public
    assert inferred().private_actor
    assert LIFTED.private_actor


def test_a_hash_of_a_former_key_is_still_compared() -> None:
    newer = HashKeys((*RELATION_KEYS.keys, b"the key that replaces it, 32 bytes too"))
    assert known(ANI, owner(SARI), keys=newer).related(related().state) == {ANI: BY_OWNER}
    assert known(ANI, owner(SARI, newer), keys=newer).related(related().state) == {ANI: BY_OWNER}


# Readers and the automatic assignment


def test_a_related_curator_sees_nothing_and_officers_see_the_kind_and_never_whose() -> None:
    state = with_inferred(related(assigned(ANI)).state, ANI_IS_OWNER)
    every_role = frozenset({Role.CURATOR, Role.SELECTION_OFFICER})
    assert not may_see_candidate(state, actor=ANI, roles=every_role)
    response = candidate_response(state, actor=OFFICER, roles=frozenset({Role.SELECTION_OFFICER}))
    assert response.conflicts == (Conflict(curator=ANI, reason="", kinds=BY_OWNER),)
    assert RELATIONS[0].hash not in repr(response)


def test_the_automatic_assignment_bars_a_related_pair_and_its_table_says_so() -> None:
    state = given(selection_round, OPENED, APPOINTED).state
    found = with_inferred(related().state, known(ANI, proposer(DINAS)))
    problem = problem_of(state, {A: found}, actor=OFFICER, enterprise=None)
    (entrant,) = problem.entrants
    assert entrant.barred == {ANI}
    table = assignment_table({A: (BUDI, CITRA)}, problem)
    assert table.items[0].related == (RelatedCurator(curator=ANI, kinds=BY_OFFICE),)
    assert table.related_pairs == 1
