"""Who sees what: sealed means nobody, opened means those who decide, a conflict means never."""

import pytest

from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.state import Candidate, Conflict
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.state import Round
from services.selection.responses import (
    Ranked,
    candidate_shown,
    may_see_candidate,
    may_see_proposal,
    proposal_shown,
    round_shown,
    round_summary,
)
from shared.contracts.selection.candidate import ConflictDeclared
from shared.contracts.selection.round import RoundEvent
from shared.http import Caller
from tests.given import given
from tests.selection.examples import (
    ANI,
    APPLICANT,
    APPROVAL,
    APPROVER,
    BUDI,
    CITRA,
    CLOSED_SCORING,
    DECREE,
    DEWI,
    DIGEST,
    ENTERED,
    OFFICER,
    PANEL,
    PROPOSAL,
    SCORED,
    SCORING,
    SHEETS,
    A,
    B,
    C,
    D,
    E,
    assigned,
)

AUDITOR = "auditor-1"
CONFLICTED = ConflictDeclared(applicant=APPLICANT, curator=DEWI, reason="my sister's workshop")
UNSEALED: Candidate = given(candidate, *SCORING, CONFLICTED).state
SEALED: Candidate = given(candidate, *SCORING, CONFLICTED, SCORED).state


def caller(actor: str, *roles: str) -> Caller:
    return Caller(actor=actor, roles=frozenset(roles))


DECIDING = [
    caller(OFFICER, "selection-officer"),
    caller(APPROVER, "approver"),
    caller(AUDITOR, "auditor"),
]
SYSTEM = caller("system", "ministry-system")


@pytest.mark.parametrize("who", DECIDING)
def test_sheets_open_to_those_who_decide_only_when_all_are_in(who: Caller) -> None:
    before, after = candidate_shown(UNSEALED, who), candidate_shown(SEALED, who)
    assert (before.sheets, before.score, before.sealed_by) == ((), None, None)
    assert (after.sheets, after.score, after.sealed_by) == (SHEETS, 8_667, 1)
    assert before.curators == after.curators == PANEL
    assert before.conflicts == (Conflict(curator=DEWI, reason="my sister's workshop"),)


@pytest.mark.parametrize("state", [UNSEALED, SEALED])
def test_a_curator_sees_its_own_sheet_and_no_other(state: Candidate) -> None:
    shown = candidate_shown(state, caller(ANI, "curator"))
    assert shown.sheets == (SHEETS[0],)
    assert shown.score is None
    assert shown.curators == (ANI,)
    assert shown.conflicts == ()


def test_a_curator_sees_only_candidates_that_it_may_score() -> None:
    assert may_see_candidate(SEALED, caller(CITRA, "curator"))
    assert not may_see_candidate(SEALED, caller("stranger", "curator"))
    assert not may_see_candidate(SEALED, caller(DEWI, "curator"))


def test_a_conflicted_curator_sees_nothing_whatever_its_roles() -> None:
    everything = caller(DEWI, "curator", "selection-officer", "approver", "auditor")
    assert not may_see_candidate(SEALED, everything)
    shown = candidate_shown(SEALED, everything)
    assert (shown.sheets, shown.score, shown.curators, shown.conflicts) == ((), None, (), ())


def test_a_declared_conflict_takes_the_candidate_out_of_sight() -> None:
    budi = caller(BUDI, "curator")
    declared = ConflictDeclared(applicant=APPLICANT, curator=BUDI, reason="cousin")
    assert may_see_candidate(given(candidate, ENTERED, assigned(BUDI)).state, budi)
    assert not may_see_candidate(given(candidate, ENTERED, assigned(BUDI), declared).state, budi)


def test_lists_are_empty_until_they_are_approved() -> None:
    proposed = round_shown(given(selection_round, *PROPOSAL).state, SYSTEM)
    assert (proposed.seats, proposed.reserve, proposed.decree) == ({}, (), None)
    approved = round_shown(given(selection_round, *APPROVAL).state, SYSTEM)
    assert list(approved.seats) == [B, C]
    assert approved.reserve == (A, D)
    decreed = round_shown(given(selection_round, *DECREE).state, SYSTEM)
    assert decreed.decree is not None
    assert decreed.decree.annex == (B,)


def test_the_panel_is_known_to_those_who_decide_and_to_others_in_number() -> None:
    state: Round = given(selection_round, *CLOSED_SCORING).state
    assert [round_shown(state, who).panel for who in DECIDING] == [PANEL] * 3
    for who in (SYSTEM, caller(ANI, "curator")):
        shown = round_shown(state, who)
        assert (shown.panel, shown.panel_size) == (None, 3)


def test_a_round_in_a_list_is_figures_only() -> None:
    summary = round_summary(given(selection_round, *APPROVAL).state)
    assert (summary.candidates, summary.seats_live, summary.reserves) == (5, 2, 2)
    assert not any(isinstance(value, dict | tuple) for value in vars(summary).values())


@pytest.mark.parametrize(
    ("past", "seen"),
    [(PROPOSAL, [True, True, False]), (APPROVAL, [True] * 3), (DECREE, [True] * 3)],
)
def test_a_proposal_is_open_to_an_auditor_once_it_is_approved(
    past: tuple[RoundEvent, ...], seen: list[bool]
) -> None:
    state: Round = given(selection_round, *past).state
    assert [may_see_proposal(state, who) for who in DECIDING] == seen


def test_a_proposal_shows_what_its_digest_stands_for() -> None:
    state: Round = given(selection_round, *PROPOSAL).state
    assert state.proposal is not None
    shown = proposal_shown(state.proposal, state)
    assert shown.selected == (
        Ranked(application=B, score=9_000),
        Ranked(application=C, score=8_500),
    )
    assert shown.reserve == (Ranked(application=A, score=8_000), Ranked(application=D, score=7_000))
    assert shown.below == (Ranked(application=E, score=6_999),)
    assert (shown.digest, shown.closing, shown.places) == (DIGEST, 1, 2)
    assert (shown.scored_by, shown.proposed_by) == (PANEL, OFFICER)
