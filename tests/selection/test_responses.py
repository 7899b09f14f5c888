"""Each reader sees its own fields: no unsealed sheet, and nothing after a declared conflict."""

from dataclasses import dataclass

import pytest

from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.state import (
    Assignment,
    Candidate,
    Conflict,
    Moderation,
    Progress,
)
from services.selection.domain.ranking.decider import ranking
from services.selection.domain.ranking.state import Ranking
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.state import Round
from services.selection.responses.candidate import (
    CandidateResponse,
    MissingSheets,
    candidate_response,
    may_see_candidate,
    missing_sheets,
)
from services.selection.responses.proposal import (
    RankedCandidate,
    may_see_proposal,
    proposal_response,
)
from services.selection.responses.selection_round import (
    RoundResponse,
    annex_response,
    round_response,
    round_summary,
)
from services.selection.views.own import RoundFigures, rounds
from shared.contracts.selection.candidate import ConflictDeclared, ModerationCode
from shared.contracts.selection.round import RoundEvent
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
    RANKED,
    RETURNED_TO_SCORING,
    SCORED,
    SCORING,
    SHEETS,
    A,
    B,
    C,
    D,
    E,
    assigned,
    confirmed,
    moderated,
    offered,
    sheet,
    unassigned,
)

AUDITOR = "auditor-1"
CONFLICTED = ConflictDeclared(applicant=APPLICANT, curator=DEWI, reason="my sister's workshop")
MADE: Ranking = given(ranking, RANKED).state
UNSEALED: Candidate = given(candidate, *SCORING, CONFLICTED).state
SEALED: Candidate = given(candidate, *SCORING, CONFLICTED, SCORED).state


@dataclass(frozen=True)
class Reader:
    """An actor with its roles, as a token names them."""

    actor: str
    roles: frozenset[str]
    enterprise: str | None = None

    def may_see(self, state: Candidate) -> bool:
        """Return True if this reader may see the candidate."""
        return may_see_candidate(
            state, actor=self.actor, roles=self.roles, enterprise=self.enterprise
        )

    def candidate(self, state: Candidate) -> CandidateResponse:
        """Return the response about the candidate for this reader."""
        return candidate_response(state, actor=self.actor, roles=self.roles)

    def round(self, state: Round) -> RoundResponse:
        """Return the response about the round for this reader."""
        return round_response(state, roles=self.roles)


def reader(actor: str, *roles: str, enterprise: str | None = None) -> Reader:
    return Reader(actor, frozenset(roles), enterprise)


DECIDING = [
    reader(OFFICER, "selection-officer"),
    reader(APPROVER, "approver"),
    reader(AUDITOR, "auditor"),
]
SYSTEM = reader("system", "ministry-system")


def in_list(application: str, score: int) -> RankedCandidate:
    return RankedCandidate(
        application=application, score=score, raw=score, calibrated=None, not_passed=()
    )


@pytest.mark.parametrize("who", DECIDING)
def test_sheets_open_to_those_who_decide_only_when_all_are_in(who: Reader) -> None:
    before, after = who.candidate(UNSEALED), who.candidate(SEALED)
    assert (before.sheets, before.score, before.sealed_by) == ((), None, None)
    assert (after.sheets, after.score, after.sealed_by) == (SHEETS, 8_667, 1)
    assert before.curators == after.curators == PANEL
    assert before.conflicts == (Conflict(curator=DEWI, reason="my sister's workshop"),)
    assert before.assignments[0] == Assignment(curator=ANI, assigned_by=OFFICER)
    assert (before.progress, after.progress) == (Progress.SHEETS_IN, Progress.SEALED)


@pytest.mark.parametrize("state", [UNSEALED, SEALED])
def test_a_curator_sees_its_own_sheet_and_no_other(state: Candidate) -> None:
    response = reader(ANI, "curator").candidate(state)
    assert response.sheets == (SHEETS[0],)
    assert response.score is None
    assert response.curators == (ANI,)
    assert (response.assignments, response.conflicts, response.progress) == ((), (), None)


def test_a_curator_sees_only_candidates_that_it_may_score() -> None:
    assert reader(CITRA, "curator").may_see(SEALED)
    assert not reader("stranger", "curator").may_see(SEALED)
    assert not reader(DEWI, "curator").may_see(SEALED)


def test_a_conflicted_curator_sees_nothing_whatever_its_roles() -> None:
    conflicted = reader(DEWI, "curator", "selection-officer", "approver", "auditor")
    assert not conflicted.may_see(SEALED)
    response = conflicted.candidate(SEALED)
    assert (response.sheets, response.score, response.curators, response.conflicts) == (
        (),
        None,
        (),
        (),
    )


@pytest.mark.parametrize("role", ["curator", "selection-officer", "approver", "auditor"])
def test_a_token_that_speaks_for_the_enterprise_sees_nothing_whatever_its_roles(role: str) -> None:
    assert reader(ANI, role, enterprise="b").may_see(SEALED)
    assert not reader(ANI, role, enterprise="a").may_see(SEALED)


def test_moderated_sheets_and_sheets_set_aside_open_like_the_others() -> None:
    better = sheet(ANI, quality=5)
    past = (*RETURNED_TO_SCORING, moderated(better))
    first = Moderation(
        replaced=SHEETS[0],
        code=ModerationCode.DISCUSSION,
        reason="I had missed the second sample",
    )
    state: Candidate = given(candidate, *past).state
    assert reader(ANI, "curator").candidate(state).moderations == (first,)
    assert reader(BUDI, "curator").candidate(state).moderations == ()
    assert reader(OFFICER, "selection-officer").candidate(state).moderations == ()
    sealed: Candidate = given(candidate, *past, SCORED).state
    assert reader(OFFICER, "selection-officer").candidate(sealed).moderations == (first,)
    aside = (*SCORING, unassigned(BUDI))
    opened: Candidate = given(candidate, *aside, SCORED).state
    assert reader(OFFICER, "selection-officer").candidate(opened).set_aside == (SHEETS[1],)
    unopened: Candidate = given(candidate, *aside).state
    assert reader(OFFICER, "selection-officer").candidate(unopened).set_aside == ()


def test_a_declared_conflict_takes_the_candidate_out_of_sight() -> None:
    budi = reader(BUDI, "curator")
    declared = ConflictDeclared(applicant=APPLICANT, curator=BUDI, reason="cousin")
    assert budi.may_see(given(candidate, ENTERED, assigned(BUDI)).state)
    assert not budi.may_see(given(candidate, ENTERED, assigned(BUDI), declared).state)


def test_lists_are_empty_until_they_are_approved() -> None:
    proposed = SYSTEM.round(given(selection_round, *PROPOSAL).state)
    assert (proposed.seats, proposed.reserve, proposed.decree) == ({}, (), None)
    approved = SYSTEM.round(given(selection_round, *APPROVAL).state)
    assert list(approved.seats) == [B, C]
    assert approved.reserve == (A, D)
    decreed = SYSTEM.round(given(selection_round, *DECREE).state)
    assert decreed.decree is not None
    assert decreed.decree.annex == (B,)


def test_the_annex_is_shown_with_its_digest_before_and_after_the_decree() -> None:
    confirmed_now = given(selection_round, *APPROVAL, offered(B), confirmed(B)).state
    decreed = given(selection_round, *DECREE).state
    assert annex_response(confirmed_now).annex == annex_response(decreed).annex == (B,)
    assert annex_response(confirmed_now).digest == annex_response(decreed).digest
    approved = given(selection_round, *APPROVAL).state
    assert annex_response(approved).digest != annex_response(decreed).digest


def test_readers_who_decide_see_the_panel_and_others_see_its_size() -> None:
    state: Round = given(selection_round, *CLOSED_SCORING).state
    assert [who.round(state).panel for who in DECIDING] == [PANEL] * 3
    for who in (SYSTEM, reader(ANI, "curator")):
        response = who.round(state)
        assert (response.panel, response.panel_size) == (None, 3)


def test_a_round_in_a_list_is_figures_only() -> None:
    figures: RoundFigures | None = None
    for event in APPROVAL:
        figures = rounds.evolve(figures, event)
    assert figures is not None
    summary = round_summary(figures)
    assert (summary.candidates, summary.seats_live, summary.reserves) == (5, 2, 2)
    assert not any(isinstance(value, dict | tuple) for value in vars(summary).values())


@pytest.mark.parametrize(
    ("past", "visible"),
    [(PROPOSAL, [True, True, False]), (APPROVAL, [True] * 3), (DECREE, [True] * 3)],
)
def test_a_proposal_is_open_to_an_auditor_once_it_is_approved(
    past: tuple[RoundEvent, ...], visible: list[bool]
) -> None:
    state: Round = given(selection_round, *past).state
    assert [may_see_proposal(state, roles=who.roles) for who in DECIDING] == visible


def test_the_proposal_response_has_the_content_of_its_digest() -> None:
    state: Round = given(selection_round, *PROPOSAL).state
    assert state.proposal is not None
    response = proposal_response(state.proposal, MADE)
    assert response.selected == (
        in_list(B, 9_000),
        in_list(C, 8_500),
    )
    assert response.reserve == (
        in_list(A, 8_000),
        in_list(D, 7_000),
    )
    assert response.below == (in_list(E, 6_999),)
    assert (response.digest, response.closing, response.places) == (DIGEST, 1, 2)
    assert (response.scored_by, response.proposed_by) == (PANEL, OFFICER)
    assert response.conflicts == ()


def test_a_candidate_lacks_the_sheets_that_its_curators_have_not_submitted() -> None:
    entered: Candidate = given(candidate, ENTERED, assigned(ANI), assigned(BUDI)).state
    assert missing_sheets(entered, 3) == MissingSheets(
        sheets=0, sheets_min=3, is_wide=False, awaited=(ANI, BUDI)
    )
    assert missing_sheets(UNSEALED, 3) is None
    assert missing_sheets(UNSEALED, 4) == MissingSheets(
        sheets=3, sheets_min=4, is_wide=False, awaited=()
    )
