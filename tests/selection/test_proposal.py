"""The rules of the proposal: sealed sheets, four eyes, a digest of exactly these lists."""

from typing import Any

import pytest

from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.proposal import (
    ApproveSelection,
    ProposedFacts,
    ProposeSelection,
    ReturnSelection,
    approve_selection,
    next_ranking,
    propose_selection,
)
from services.selection.domain.selection_round.state import SeatStatus, Status
from shared.contracts.selection.round import RoundEvent
from shared.contracts.selection.round_codes import ReturnCode
from shared.kernel.decider import Origin
from tests.given import given
from tests.selection.examples import (
    ANI,
    APPROVAL,
    APPROVED,
    APPROVER,
    CANCELLED,
    CLOSED,
    CLOSED_SCORING,
    CLOSER,
    CONFLICT_OF_DEWI,
    DEWI,
    DIGEST,
    DIGEST_OF_NOTHING,
    EXHIBITION,
    LISTED,
    OFFICER,
    OPEN,
    PROPOSAL,
    PROPOSED,
    RANKING,
    RETURNED,
    SCORES,
    A,
    B,
    C,
    D,
    E,
    Scored,
    proposable,
    sealed,
    struck,
)

PROPOSE = ProposeSelection()
RETURN = ReturnSelection(code=ReturnCode.SCORES_DIVERGE, reason="look again")
APPROVE = ApproveSelection(digest=DIGEST)
APPROVING: dict[str, Any] = {"rule": approve_selection, "facts": RANKING}
AS_APPROVER = frozenset({"approver"})
CONFLICTED = proposable(
    sealed(
        *(
            Scored(application=id, score=score, conflicted=(DEWI,) if id == A else ())
            for id, score in SCORES.items()
        )
    )
)
"""Curator Dewi has declared a conflict of interest with candidate A."""
PROPOSED_WITH_CONFLICT = PROPOSED.model_copy(update={"conflicts": (CONFLICT_OF_DEWI,)})
CLOSED_WITH_CONFLICT = CLOSED.model_copy(update={"conflicts": (CONFLICT_OF_DEWI,)})


def test_the_ranking_of_the_sealed_scores_is_proposed() -> None:
    given(selection_round, *CLOSED_SCORING).when(
        PROPOSE, rule=propose_selection, facts=RANKING, actor=OFFICER
    ).then(PROPOSED)


def test_the_ranking_of_another_closing_or_of_more_candidates_is_not_proposed() -> None:
    second = CLOSED.model_copy(update={"closing": 2})
    for past in ((*CLOSED_SCORING, RETURNED, second), (*CLOSED_SCORING, struck(B))):
        given(selection_round, *past).when(PROPOSE, rule=propose_selection, facts=RANKING).refused(
            "ranking-outdated"
        )
    given(selection_round, *CLOSED_SCORING).when(
        PROPOSE, rule=propose_selection, facts=ProposedFacts(ranking=None)
    ).refused("ranking-outdated")


def test_the_next_ranking_is_of_the_candidates_that_remain() -> None:
    assert next_ranking(given(selection_round, *CLOSED_SCORING).state) == f"{EXHIBITION}.1-5"
    assert next_ranking(given(selection_round, *CLOSED_SCORING, struck(B)).state) == (
        f"{EXHIBITION}.1-4"
    )
    assert next_ranking(given(selection_round, *PROPOSAL).state) is None


@pytest.mark.parametrize("past", [(*OPEN, LISTED), PROPOSAL, APPROVAL, (CANCELLED,)])
def test_a_selection_is_proposed_once_the_scoring_is_closed(past: tuple[RoundEvent, ...]) -> None:
    given(selection_round, *past).when(PROPOSE, rule=propose_selection, facts=RANKING).refused(
        "scoring-not-closed"
    )
    given(selection_round, *past).when(
        PROPOSE, rule=propose_selection, facts=RANKING, origin=Origin.REACTION
    ).then()


def test_an_empty_list_of_candidates_makes_an_empty_selection() -> None:
    listed = LISTED.model_copy(update={"applications": ()})
    past = (*OPEN, listed, CLOSED.model_copy(update={"applications": ()}))
    nothing = proposable(sealed())
    proposed = (
        given(selection_round, *past).when(PROPOSE, rule=propose_selection, facts=nothing).events()
    )
    state = given(selection_round, *past, *proposed)
    approve = ApproveSelection(digest=state.state.proposal.digest)
    (approved,) = state.when(
        approve, rule=approve_selection, facts=nothing, actor=APPROVER
    ).events()
    assert given(selection_round, *past, *proposed, approved).state.seats == {}


def test_the_topic_carries_no_list_score_digest_or_actor_of_a_proposal() -> None:
    public = PROPOSED.public_json()
    assert not any(word in public for word in (A, E, "8000", DIGEST, OFFICER, ANI))
    assert PROPOSED.private_actor


def test_the_topic_names_no_account_and_no_digest_with_the_approval() -> None:
    public, private = APPROVED.public_json(), APPROVED.private_json() or ""
    for account in (ANI, OFFICER, APPROVER):
        assert account not in public, "topics show persons by pseudonyms"
        assert account in private
    assert DIGEST not in public


def test_an_approver_that_neither_scored_nor_proposed_approves() -> None:
    given(selection_round, *PROPOSAL).when(APPROVE, **APPROVING, actor=APPROVER).then(APPROVED)
    state = given(selection_round, *PROPOSAL, APPROVED).state
    assert state.seats == {B: SeatStatus.WAITING, C: SeatStatus.WAITING}
    assert state.reserve == (A, D)


@pytest.mark.parametrize("actor", [OFFICER, ANI])
def test_an_actor_that_scored_or_proposed_never_approves_whatever_its_roles(actor: str) -> None:
    past = given(selection_round, *PROPOSAL)
    past.when(APPROVE, **APPROVING, actor=actor, roles=AS_APPROVER).refused("same-person")


def test_a_proposal_records_the_conflicts_with_its_candidates() -> None:
    past = given(selection_round, *CLOSED_SCORING)
    past.when(PROPOSE, rule=propose_selection, facts=CONFLICTED, actor=OFFICER).then(
        PROPOSED_WITH_CONFLICT
    )
    assert DEWI not in PROPOSED_WITH_CONFLICT.public_json()


def test_an_actor_with_a_conflict_neither_proposes_approves_nor_returns() -> None:
    given(selection_round, *CLOSED_SCORING).when(
        PROPOSE, rule=propose_selection, facts=CONFLICTED, actor=DEWI
    ).refused("conflict-declared")
    proposed = given(selection_round, *CLOSED_SCORING, PROPOSED_WITH_CONFLICT)
    proposed.when(APPROVE, **APPROVING, actor=DEWI).refused("conflict-declared")
    proposed.when(RETURN, actor=DEWI).refused("conflict-declared")
    closed = given(selection_round, *OPEN, LISTED, CLOSED_WITH_CONFLICT)
    closed.when(RETURN, actor=DEWI).refused("conflict-declared")


@pytest.mark.parametrize("enterprise", ["a", "e"])
def test_no_enterprise_decides_on_a_list_that_it_is_on(enterprise: str) -> None:
    given(selection_round, *CLOSED_SCORING).when(
        PROPOSE, rule=propose_selection, facts=RANKING, enterprise=enterprise
    ).refused("own-enterprise")
    proposed = given(selection_round, *PROPOSAL)
    proposed.when(APPROVE, **APPROVING, actor=APPROVER, enterprise=enterprise).refused(
        "own-enterprise"
    )
    proposed.when(RETURN, actor=APPROVER, enterprise=enterprise).refused("own-enterprise")
    proposed.when(APPROVE, **APPROVING, actor=APPROVER, enterprise="another").then(APPROVED)


def test_only_the_proposal_with_the_digest_that_was_read_is_approved() -> None:
    other = ApproveSelection(digest=DIGEST_OF_NOTHING)
    given(selection_round, *PROPOSAL).when(other, **APPROVING, actor=APPROVER).refused(
        "digest-changed"
    )


@pytest.mark.parametrize("past", [CLOSED_SCORING, (*PROPOSAL, RETURNED), APPROVAL])
def test_only_a_proposed_selection_is_approved(past: tuple[RoundEvent, ...]) -> None:
    given(selection_round, *past).when(APPROVE, **APPROVING, actor=APPROVER).refused(
        "nothing-proposed"
    )
    given(selection_round, *past).when(APPROVE, **APPROVING, origin=Origin.REACTION).then()


def test_an_approver_returns_a_closed_scoring_or_a_proposal() -> None:
    given(selection_round, *CLOSED_SCORING).when(RETURN, actor=APPROVER).then(RETURNED)
    given(selection_round, *PROPOSAL).when(RETURN, actor=APPROVER).then(RETURNED)
    state = given(selection_round, *PROPOSAL, RETURNED).state
    assert (state.status, state.proposal) == (Status.OPEN, None)


def test_the_topic_carries_the_code_of_a_return_and_no_word_of_its_reason() -> None:
    assert RETURNED.code == "scores-diverge"
    assert "look again" not in RETURNED.public_json()


@pytest.mark.parametrize("actor", [CLOSER, ANI])
def test_an_actor_that_closed_or_scored_returns_nothing(actor: str) -> None:
    given(selection_round, *CLOSED_SCORING).when(RETURN, actor=actor).refused("same-person")
    given(selection_round, *PROPOSAL).when(RETURN, actor=actor).refused("same-person")


def test_an_actor_that_proposed_does_not_return() -> None:
    given(selection_round, *PROPOSAL).when(RETURN, actor=OFFICER).refused("same-person")


@pytest.mark.parametrize("past", [(*OPEN, LISTED), APPROVAL, (CANCELLED,)])
def test_a_selection_in_another_status_is_not_returned(past: tuple[RoundEvent, ...]) -> None:
    given(selection_round, *past).when(RETURN, roles=AS_APPROVER).refused("nothing-to-return")
    given(selection_round, *past).when(RETURN, origin=Origin.REACTION).then()


def test_a_cancelled_round_keeps_only_an_approved_proposal() -> None:
    assert given(selection_round, *PROPOSAL, CANCELLED).state.proposal is None
    assert given(selection_round, *APPROVAL, CANCELLED).state.proposal is not None
