"""The people who may not decide on a selection: by what they did, or by an interest of their own.

People are compared by actor, whatever roles a token holds. An enterprise of the token, or a
declared conflict of interest with a single candidate, excludes from every decision on the list that
has this candidate. Called by the rules of the closing, the proposal, the losses and the decree.
"""

from collections.abc import Iterable

from services.selection.domain.selection_round.judgement import Proposal
from services.selection.domain.selection_round.state import Round
from shared.contracts.ids import application_id
from shared.contracts.selection.round import DeclaredConflict
from shared.kernel.decider import Context
from shared.kernel.four_eyes import (
    CLOSE_AND_RETURN,
    CONFLICT_AND_DECIDE,
    PROPOSE_AND_APPROVE,
    SCORE_AND_APPROVE,
    require_another_person,
    require_no_contender,
)


def require_no_interest(
    conflicts: Iterable[DeclaredConflict], state: Round, context: Context
) -> None:
    """Refuse a person with a candidate of its own enterprise, or with a declared conflict."""
    own = context.enterprise
    if own is not None and application_id(state.exhibition, own) in state.remaining:
        require_no_contender(own, context)
    conflicted = {conflict.curator for conflict in conflicts}
    require_another_person(CONFLICT_AND_DECIDE, conflicted, context)


def require_judge_of_proposal(proposal: Proposal, state: Round, context: Context) -> None:
    """Refuse who proposed the selection, scored in it, or has an interest in it."""
    require_another_person(PROPOSE_AND_APPROVE, {proposal.proposed_by}, context)
    require_another_person(SCORE_AND_APPROVE, proposal.scored_by, context)
    require_no_interest(proposal.conflicts, state, context)


def require_judge_of_scoring(state: Round, context: Context) -> None:
    """Refuse who closed the scoring, scored in it, or has an interest in it."""
    scoring = state.scoring
    if scoring is not None:
        require_another_person(CLOSE_AND_RETURN, {scoring.closed_by}, context)
        require_another_person(SCORE_AND_APPROVE, scoring.scored_by, context)
        require_no_interest(scoring.conflicts, state, context)
