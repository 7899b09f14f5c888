"""The rules of the selection: propose a ranking, then approve it with four eyes, or return.

A proposal names a ranking, which is made once from the sheets that a single closing has sealed and
never changes: so the facts that the route has loaded are still true when the proposal is decided.
Every change of the inputs voids the proposal. The approver names the digest of the proposal that it
has read. Once the sheets are open only an approver returns the selection. `interests` says who may
not decide, whatever roles its token holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.selection.domain.choosing.choice import grouped
from services.selection.domain.choosing.problem import OWNER, Codes
from services.selection.domain.digest import Digest
from services.selection.domain.ranking.decider import ranking_id
from services.selection.domain.ranking.order import Terms
from services.selection.domain.ranking.state import Ranking
from services.selection.domain.selection_round.interests import (
    require_judge_of_proposal,
    require_judge_of_scoring,
    require_no_interest,
)
from services.selection.domain.selection_round.judgement import Proposal
from services.selection.domain.selection_round.objection_window import window_after_approval
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.calendar import jakarta_date
from shared.contracts.selection.approval import (
    ApprovalLevel,
    DecisionMakers,
    LevelApproval,
    VoidReason,
)
from shared.contracts.selection.round import (
    ProposalVoided,
    RoundEvent,
    SelectionApproved,
    SelectionEndorsed,
    SelectionProposed,
    SelectionReturned,
)
from shared.contracts.selection.round_codes import ReturnCode
from shared.contracts.selection.rubric import Deciding
from shared.contracts.words import Text
from shared.kernel.decider import Context, Refused, absent, refuse_or_ignore
from shared.kernel.errors import NotYet
from shared.kernel.four_eyes import (
    ENDORSE_AND_APPROVE,
    OVERRIDE_AND_APPROVE,
    require_another_person,
)

# Commands


@dataclass(frozen=True, kw_only=True)
class ProposeSelection:
    """Propose the ranking of the candidates by their sealed scores."""


@dataclass(frozen=True, kw_only=True)
class ProposedFacts:
    """The ranking that is to be proposed or approved, which never changes; None: there is none."""

    ranking: Ranking | None


@dataclass(frozen=True, kw_only=True)
class ReturnSelection:
    """Return the selection to scoring, which breaks the seals of its closing.

    `reason` stays private.
    """

    code: ReturnCode
    reason: Text


@dataclass(frozen=True, kw_only=True)
class ApproveSelection:
    """Approve exactly the proposal with this digest."""

    digest: Digest


# Rules


def terms_of(state: Round, deciding: Deciding = Deciding.RAW) -> Terms:
    """Return the terms of a round on which its candidates are ranked; its rubric has `deciding`."""
    return Terms(
        rubric=state.rubric,
        threshold=state.threshold,
        places=state.places,
        quotas=state.quotas,
        deciding=deciding,
        funds=state.funds,
        guard=state.guard,
        overrides=tuple(each.override for each in state.overrides),
    )


def next_ranking(state: Round) -> str | None:
    """Return the id of the ranking that can be proposed now; None while there can be none."""
    if state.status is not Status.SCORING_CLOSED:
        return None
    return ranking_id(state.exhibition, state.closing, len(state.remaining), state.inputs)


def propose_selection(
    command: ProposeSelection, facts: ProposedFacts, state: Round | None, context: Context
) -> Sequence[RoundEvent]:
    """Propose the ranking of all candidates that remain of the closed scoring."""
    if state is None:
        return absent(context, "round", yet=True)
    id, ranking = next_ranking(state), facts.ranking
    if id is None:
        return refuse_or_ignore(
            context,
            "scoring-not-closed",
            f"The round is {state.status}: "
            f"you can propose a selection only while it is {Status.SCORING_CLOSED}.",
        )
    if ranking is None or ranking.id != id:
        raise NotYet(
            "ranking-outdated",
            "A candidate has left the round since it was ranked: propose the selection again.",
        )
    require_no_interest(ranking.conflicts, state, context)
    return [
        SelectionProposed(
            closing=state.closing,
            ranking=id,
            digest=ranking.digest,
            scored_by=ranking.scored_by,
            proposed_by=context.actor,
            conflicts=ranking.conflicts,
            **state.round_fields,
        )
    ]


def return_selection(
    command: ReturnSelection, state: Round, context: Context
) -> Sequence[RoundEvent]:
    """Return the selection to scoring, as an approver without a part or an interest in it."""
    if state.status not in (Status.SCORING_CLOSED, Status.PROPOSED):
        return refuse_or_ignore(
            context,
            "nothing-to-return",
            f"The round is {state.status}: you can return a selection only while it is "
            f"{Status.SCORING_CLOSED} or {Status.PROPOSED}.",
        )
    require_judge_of_scoring(state, context)
    if state.proposal is not None:
        require_judge_of_proposal(state.proposal, state, context)
    return [
        SelectionReturned(
            closing=state.closing,
            applications=state.remaining,
            code=command.code,
            reason=command.reason,
            **state.round_fields,
        )
    ]


def approve_selection(
    command: ApproveSelection, facts: ProposedFacts, state: Round | None, context: Context
) -> Sequence[RoundEvent]:
    """Approve the proposal that the approver has read, as a person without a part in it."""
    if state is None:
        return absent(context, "round", yet=True)
    proposal, ranking = state.proposal, facts.ranking
    if state.status is not Status.PROPOSED or proposal is None:
        return refuse_or_ignore(
            context,
            "nothing-proposed",
            f"The round is {state.status}: "
            f"you can approve a selection only while it is {Status.PROPOSED}.",
        )
    require_judge_of_proposal(proposal, state, context)
    recorded = {each.recorded_by for each in state.overrides}
    require_another_person(OVERRIDE_AND_APPROVE, recorded, context)
    if ranking is None or not command.digest == proposal.digest == ranking.digest:
        raise Refused(
            "digest-changed",
            "The proposal has another digest: read the proposal again, then approve its digest.",
        )
    endorsement = state.endorsement
    if state.technical_approval and endorsement is None:
        return [
            SelectionEndorsed(
                endorsed_on=jakarta_date(context.now),
                digest=proposal.digest,
                endorsed_by=context.actor,
                **state.round_fields,
            )
        ]
    endorsed = (endorsement.approved_by,) if endorsement else ()
    require_another_person(ENDORSE_AND_APPROVE, endorsed, context)
    return [_approved(ranking, proposal, state, context)]


def _approved(
    ranking: Ranking, proposal: Proposal, state: Round, context: Context
) -> SelectionApproved:
    people = _decision_makers(proposal, state, context)
    groups, group_of = grouped([_quotas(codes) for codes in ranking.seat_codes])
    if not state.quotas:
        groups, group_of = (), ()
    return SelectionApproved(
        approved_on=jakarta_date(context.now),
        approved_by=tuple(each.account for each in people.approvals),
        selected=ranking.selected,
        reserve=ranking.reserve,
        not_passed=tuple(ranking.gates_not_passed),
        groups=groups,
        group_of=group_of,
        same_owner=_same_owner(ranking),
        overrides=ranking.terms.overrides,
        passed_over=ranking.reserves_passed_over,
        shortfalls=ranking.shortfalls,
        objections_until=window_after_approval(state, context),
        funds=ranking.terms.funds,
        decided_by=people,
        **state.round_fields,
    )


def _decision_makers(proposal: Proposal, state: Round, context: Context) -> DecisionMakers:
    """Return the people of this decision, whose approver it is that asks."""
    first = state.endorsement
    endorsed = [(first.level, first.approved_by, first.approved_on)] if first else []
    approved = (ApprovalLevel.DEPUTY, context.actor, jakarta_date(context.now))
    return DecisionMakers(
        scored_by=tuple(sorted(proposal.scored_by)),
        closed_by=state.scoring.closed_by if state.scoring else "",
        proposed_by=proposal.proposed_by,
        approvals=tuple(
            LevelApproval(level=level, account=account, approved_on=day)
            for level, account, day in (*endorsed, approved)
        ),
    )


def voided(state: Round, reason: VoidReason) -> Sequence[RoundEvent]:
    """Return the event that voids the proposal, if there is one."""
    if state.status is not Status.PROPOSED:
        return []
    return [ProposalVoided(reason=reason, **state.round_fields)]


def _quotas(codes: Codes) -> Codes:
    return tuple(code for code in codes if not code.startswith(OWNER))


def _same_owner(ranking: Ranking) -> tuple[tuple[str, ...], ...]:
    """Return the sets of listed applications of which only one gets a place."""
    listed = frozenset((*ranking.selected, *ranking.reserve))
    sets = (tuple(id for id in each if id in listed) for each in ranking.same_owner)
    return tuple(each for each in sets if len(each) > 1)
