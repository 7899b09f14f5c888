"""The relations of a panel: given with its profiles, and looked at by closing and ranking."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.selection.domain.candidate.relations import with_inferred
from services.selection.domain.ranking.decider import MakeRanking, make_ranking, ranking
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.panel import (
    AppointPanel,
    PanelChoiceFacts,
    appoint_panel,
)
from services.selection.domain.selection_round.panel_form import PanelForm, hash_panel
from services.selection.domain.selection_round.scoring_phase import (
    CloseScoring,
    ScoringFacts,
    close_scoring,
    sheets_of,
)
from shared.contracts.selection.curator import CuratorProfile, CuratorRelations
from shared.contracts.selection.round import DeclaredConflict, PanelAppointed, ScoringClosed
from tests.given import When, given
from tests.relations import (
    DINAS,
    NPWP,
    RELATION_KEYS,
    SARI,
    TONO,
    itself,
    owner,
    proposer,
)
from tests.selection.examples import (
    ANI,
    APPOINTED,
    BUDI,
    CITRA,
    CLOSER,
    DEWI,
    EXHIBITION,
    LISTED,
    OFFICER,
    OPENED,
    PANEL,
    SCORING,
    A,
    Scored,
    sealed,
)
from tests.selection.test_relations import ANI_IS_OWNER, inferred, known, related


def appointing(command: AppointPanel, *past: Any) -> When:
    return given(selection_round, *past).when(
        command, rule=appoint_panel, facts=PanelChoiceFacts(), actor=OFFICER
    )


def given_of(curator: str, *hashes: str) -> CuratorRelations:
    return CuratorRelations(curator=curator, hashes=hashes)


def panel(*relations: CuratorRelations, profiles: Sequence[CuratorProfile] = ()) -> AppointPanel:
    return AppointPanel(curators=PANEL, profiles=tuple(profiles), relations=relations)


def test_the_relations_of_a_curator_stay_until_others_are_given() -> None:
    first, second = given_of(ANI, owner(SARI).hash), given_of(BUDI, owner(TONO).hash)
    (appointed,) = appointing(panel(second, first), OPENED).events()
    assert isinstance(appointed, PanelAppointed)
    assert appointed.relations == (first, second)
    (again,) = appointing(panel(given_of(ANI)), OPENED, appointed).events()
    assert isinstance(again, PanelAppointed)
    assert again.relations == (given_of(ANI), second)
    appointing(panel(), OPENED, appointed).then()
    appointing(panel(first), OPENED, appointed).then()


def test_no_topic_has_a_relation_of_a_curator() -> None:
    (appointed,) = appointing(panel(given_of(ANI, owner(SARI).hash)), OPENED).events()
    assert owner(SARI).hash not in appointed.public_json()


def closing(facts: ScoringFacts, *relations: CuratorRelations) -> When:
    appointed = APPOINTED.model_copy(update={"relations": relations})
    listed = LISTED.model_copy(update={"applications": (A,)})
    past = given(selection_round, OPENED, appointed, listed)
    return past.when(CloseScoring(), rule=close_scoring, facts=facts, actor=CLOSER)


def test_a_closing_refuses_the_counted_sheet_of_a_related_curator() -> None:
    relations = (given_of(ANI, owner(SARI).hash),)
    counted = with_inferred(related(*SCORING[1:]).state, ANI_IS_OWNER)
    facts = ScoringFacts(candidates={A: sheets_of(counted)}, relations=relations)
    closing(facts, *relations).refused("related-sheets", A)


def test_an_inferred_conflict_counts_like_a_declared_one_for_four_eyes() -> None:
    relations = (given_of(DEWI, owner(SARI).hash),)
    scored = related(*SCORING[1:]).state
    for state in (
        with_inferred(scored, known(DEWI, owner(SARI))),
        related(*SCORING[1:], inferred(DEWI)).state,
    ):
        facts = ScoringFacts(candidates={A: sheets_of(state)}, relations=relations)
        (closed,) = closing(facts, *relations).events()
        assert isinstance(closed, ScoringClosed)
        assert closed.conflicts == (DeclaredConflict(application=A, curator=DEWI),)


def test_a_closing_on_other_relations_than_the_loaded_ones_is_refused() -> None:
    loaded = ScoringFacts(candidates={A: sheets_of(related(*SCORING[1:]).state)})
    closing(loaded, given_of(ANI, owner(SARI).hash)).refused("relations-changed")
    assert closing(loaded).events()


def test_a_ranking_of_the_sealed_sheet_of_a_related_curator_is_refused() -> None:
    facts = sealed(Scored(application=A, score=8_000, conflicted=(ANI,)))
    totals = {A: replace(facts.candidates[A], totals={ANI: 8_000})}
    making = given(ranking).when(
        MakeRanking(),
        rule=make_ranking,
        facts=replace(facts, candidates=totals),
        subject=f"{EXHIBITION}.1-1",
    )
    making.refused("related-sheets", A)


FORM = {
    "curators": PANEL,
    "profiles": [
        {"curator": ANI, "sectors": ["14"], "relations": {"nik": SARI, "employers": [DINAS]}},
        {"curator": BUDI, "relations": {"employer_npwps": ["01.234.567.8-901.000"]}},
        {"curator": CITRA},
    ],
}
READ = TypeAdapter(PanelForm).validate_python


def test_a_form_becomes_a_command_with_hashes_only() -> None:
    command = hash_panel(READ(FORM), RELATION_KEYS)
    person_and_office = sorted((owner(SARI).hash, proposer(DINAS).hash))
    assert command.relations == (
        given_of(ANI, *person_and_office),
        given_of(BUDI, itself(NPWP).hash),
    )
    assert command.profiles[0] == CuratorProfile(curator=ANI, sectors=("14",))
    assert hash_panel(READ(FORM), RELATION_KEYS) == command
    for shown in (repr(READ(FORM)), repr(command)):
        assert not any(each in shown for each in (SARI, DINAS, "234.567", NPWP))


def test_a_wrong_number_is_no_body_and_is_not_quoted() -> None:
    profile = {"curator": ANI, "relations": {"nik": "3171015708850000"}}
    with pytest.raises(ValidationError) as refusal:
        READ({"curators": PANEL, "profiles": [profile]})
    (error,) = refusal.value.errors()
    assert error["loc"][-1] == "nik"
    assert "3171015708850000" not in error["msg"]
