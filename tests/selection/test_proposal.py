"""The rules of the proposal: sealed sheets, four eyes, a digest of exactly these lists."""

import pytest

from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.proposal import (
    ApproveSelection,
    ProposeSelection,
    ReturnSelection,
    SealedFacts,
    propose_selection,
)
from services.selection.domain.selection_round.state import SeatStatus, Status
from shared.contracts.selection.round import RoundEvent, ScoringClosed
from shared.kernel.decider import Origin
from tests.given import given
from tests.selection.examples import (
    ANI,
    APPROVAL,
    APPROVED,
    APPROVER,
    CANCELLED,
    CLOSED_SCORING,
    DIGEST,
    DIGEST_OF_NOTHING,
    LISTED,
    OFFICER,
    OPEN,
    PROPOSAL,
    PROPOSED,
    RETURNED,
    ROUND_FIELDS,
    SCORES,
    SEALED,
    A,
    B,
    C,
    D,
    E,
    Scored,
    sealed,
    struck,
)

PROPOSE = ProposeSelection()
RETURN = ReturnSelection(reason="look again")
APPROVE = ApproveSelection(digest=DIGEST)
AS_APPROVER = frozenset({"approver"})
AS_OFFICER = frozenset({"selection-officer"})


def test_a_selection_is_proposed_from_sealed_scores() -> None:
    given(selection_round, *CLOSED_SCORING).when(
        PROPOSE, rule=propose_selection, facts=SEALED, actor=OFFICER
    ).then(PROPOSED)


def test_a_struck_candidate_is_in_no_list() -> None:
    past = (*CLOSED_SCORING, struck(B))
    (event,) = (
        given(selection_round, *past)
        .when(PROPOSE, rule=propose_selection, facts=SEALED, actor=OFFICER)
        .events()
    )
    proposal = given(selection_round, *past, event).state.proposal
    assert (proposal.selected, proposal.reserve, proposal.below) == ((C, A), (D,), (E,))
    assert B not in proposal.scores


def test_a_proposal_waits_until_every_listed_candidate_is_sealed() -> None:
    some = SealedFacts(candidates={id: SEALED.candidates[id] for id in (A, B, C, D)})
    given(selection_round, *CLOSED_SCORING).when(
        PROPOSE, rule=propose_selection, facts=some
    ).refused("sealing-under-way")


def test_the_seals_of_an_earlier_closing_do_not_count() -> None:
    second = ScoringClosed(closing=2, sheets_min=3, applications=(A, B, C, D, E), **ROUND_FIELDS)
    past = given(selection_round, *CLOSED_SCORING, RETURNED, second)
    past.when(PROPOSE, rule=propose_selection, facts=SEALED).refused("sealing-under-way")


def test_a_proposal_needs_enough_sheets_of_every_candidate() -> None:
    short = sealed(
        *(
            Scored(application=application, score=None if application in (D, E) else score)
            for application, score in SCORES.items()
        )
    )
    past = given(selection_round, *CLOSED_SCORING)
    past.when(PROPOSE, rule=propose_selection, facts=short).refused("sheets-missing")
    given(selection_round, *CLOSED_SCORING, struck(D), struck(E)).when(
        PROPOSE, rule=propose_selection, facts=short
    ).events()


@pytest.mark.parametrize("past", [(*OPEN, LISTED), PROPOSAL, APPROVAL, (CANCELLED,)])
def test_a_selection_is_proposed_once_the_scoring_is_closed(past: tuple[RoundEvent, ...]) -> None:
    given(selection_round, *past).when(PROPOSE, rule=propose_selection, facts=SEALED).refused(
        "scoring-not-closed"
    )
    given(selection_round, *past).when(
        PROPOSE, rule=propose_selection, facts=SEALED, origin=Origin.REACTION
    ).then()


def test_an_empty_list_of_candidates_makes_an_empty_selection() -> None:
    listed = LISTED.model_copy(update={"applications": ()})
    closed = ScoringClosed(closing=1, sheets_min=3, applications=(), **ROUND_FIELDS)
    past = (*OPEN, listed, closed)
    (event,) = (
        given(selection_round, *past).when(PROPOSE, rule=propose_selection, facts=sealed()).events()
    )
    assert given(selection_round, *past, event).state.proposal.selected == ()


def test_the_topic_carries_no_list_score_digest_or_actor_of_a_proposal() -> None:
    public = PROPOSED.public_json()
    assert not any(word in public for word in (A, E, "8000", DIGEST, OFFICER, ANI))
    assert PROPOSED.private_actor


def test_an_approver_that_neither_scored_nor_proposed_approves() -> None:
    given(selection_round, *PROPOSAL).when(APPROVE, actor=APPROVER).then(APPROVED)
    state = given(selection_round, *PROPOSAL, APPROVED).state
    assert state.seats == {B: SeatStatus.WAITING, C: SeatStatus.WAITING}
    assert state.reserve == (A, D)


@pytest.mark.parametrize("actor", [OFFICER, ANI])
def test_an_actor_that_scored_or_proposed_never_approves_whatever_its_roles(actor: str) -> None:
    past = given(selection_round, *PROPOSAL)
    past.when(APPROVE, actor=actor, roles=AS_APPROVER).refused("four-eyes")


def test_only_the_proposal_with_the_digest_that_was_read_is_approved() -> None:
    other = ApproveSelection(digest=DIGEST_OF_NOTHING)
    given(selection_round, *PROPOSAL).when(other, actor=APPROVER).refused("digest-changed")


@pytest.mark.parametrize("past", [CLOSED_SCORING, (*PROPOSAL, RETURNED), APPROVAL])
def test_only_a_proposed_selection_is_approved(past: tuple[RoundEvent, ...]) -> None:
    given(selection_round, *past).when(APPROVE, actor=APPROVER).refused("nothing-proposed")
    given(selection_round, *past).when(APPROVE, origin=Origin.REACTION).then()


@pytest.mark.parametrize("roles", [AS_OFFICER, AS_APPROVER])
def test_a_closed_scoring_is_returned_by_either(roles: frozenset[str]) -> None:
    given(selection_round, *CLOSED_SCORING).when(RETURN, roles=roles).then(RETURNED)


def test_a_proposal_is_returned_by_the_approver() -> None:
    past = given(selection_round, *PROPOSAL)
    past.when(RETURN, roles=AS_APPROVER).then(RETURNED)
    past.when(RETURN, roles=AS_OFFICER).refused("approver-returns")
    state = given(selection_round, *PROPOSAL, RETURNED).state
    assert (state.status, state.proposal) == (Status.OPEN, None)


@pytest.mark.parametrize("past", [(*OPEN, LISTED), APPROVAL, (CANCELLED,)])
def test_a_selection_in_another_status_is_not_returned(past: tuple[RoundEvent, ...]) -> None:
    given(selection_round, *past).when(RETURN, roles=AS_APPROVER).refused("nothing-to-return")
    given(selection_round, *past).when(RETURN, origin=Origin.REACTION).then()


def test_a_cancelled_round_keeps_only_an_approved_proposal() -> None:
    assert given(selection_round, *PROPOSAL, CANCELLED).state.proposal is None
    assert given(selection_round, *APPROVAL, CANCELLED).state.proposal is not None
