"""The selection itself: proposed on sealed sheets, then approved by other eyes, or returned.

A proposal rests on one closing: sealed sheets cannot change, so what the route has loaded is still
true when it is decided. Whatever changes the inputs voids the proposal. The approver names the
digest of what it has seen, and is nobody who scored or proposed, whatever roles its token holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, assert_never

from pydantic import StringConstraints

from services.selection.domain.candidate.state import Candidate
from services.selection.domain.selection_round.ranking import Standing, Terms, digest_of, ranked
from services.selection.domain.selection_round.state import Proposal, Round, Status
from shared.contracts.selection.round import (
    RoundEvent,
    SelectionApproved,
    SelectionProposed,
    SelectionReturned,
    TieBreak,
)
from shared.contracts.words import Province, Text
from shared.kernel.decider import Context, Refused, given_facts, refuse_or_ignore

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The SHA-256 of a proposal's canonical text."""

# Commands


@dataclass(frozen=True, kw_only=True)
class ProposeSelection:
    """Rank the candidates by their sealed scores."""


@dataclass(frozen=True, kw_only=True)
class SealedCandidate:
    """A candidate sealed by `closing`; `score` is None where too few sheets were in."""

    application: str
    closing: int
    score: int | None
    curators: tuple[str, ...]
    first_timer: bool
    province: Province
    submitted_at: datetime


@dataclass(frozen=True, kw_only=True)
class SealedFacts:
    """The exhibition's sealed candidates by application."""

    candidates: dict[str, SealedCandidate]


@dataclass(frozen=True, kw_only=True)
class ReturnSelection:
    """Back to scoring: the seals of this closing are broken."""

    reason: Text


@dataclass(frozen=True, kw_only=True)
class ApproveSelection:
    """Approve exactly the proposal with this digest."""

    digest: Digest


SelectionCommand = ProposeSelection | ReturnSelection | ApproveSelection

# Rules


def sealed_candidate(application: str, state: Candidate) -> SealedCandidate | None:
    """What a proposal looks at of this candidate; None while its sheets are not sealed."""
    if state.seal is None or state.submitted_at is None:
        return None
    return SealedCandidate(
        application=application,
        closing=state.seal.closing,
        score=state.seal.score,
        curators=tuple(sheet.curator for sheet in state.sheets),
        first_timer=state.applicant.first_timer,
        province=state.applicant.province,
        submitted_at=state.submitted_at,
    )


def decide_selection(
    command: SelectionCommand, facts: object, state: Round, context: Context
) -> Sequence[RoundEvent]:
    """Propose, then approve or return."""
    match command:
        case ProposeSelection():
            return _propose(facts, state, context)
        case ReturnSelection():
            return _return(command, state, context)
        case ApproveSelection():
            return _approve(command, state, context)
        case _:
            assert_never(command)


def _propose(facts: object, state: Round, context: Context) -> Sequence[RoundEvent]:
    if state.status is not Status.SCORING_CLOSED:
        return refuse_or_ignore(
            context, "scoring-not-closed", f"This round is {state.status}: nothing to propose."
        )
    sealed = _sealed(given_facts(SealedFacts, facts), state)
    standings = _standings(sealed, state)
    terms = Terms(rubric=state.rubric, threshold=state.threshold, places=state.places)
    ranking = ranked(standings, terms)
    return [
        SelectionProposed(
            closing=state.closing,
            digest=digest_of(ranking, terms, state.closing),
            selected=tuple(one.application for one in ranking.selected),
            reserve=tuple(one.application for one in ranking.reserve),
            below=tuple(one.application for one in ranking.below),
            scores={one.application: one.score for one in standings},
            tie_breaks=tuple(_tie_break(one) for one in standings),
            scored_by=tuple(sorted({curator for one in sealed for curator in one.curators})),
            proposed_by=context.actor,
            **state.about,
        )
    ]


def _return(command: ReturnSelection, state: Round, context: Context) -> Sequence[RoundEvent]:
    if state.status not in (Status.SCORING_CLOSED, Status.PROPOSED):
        return refuse_or_ignore(
            context, "nothing-to-return", f"This round is {state.status}: nothing to return."
        )
    # What has been handed to the approver is the approver's to hand back.
    if state.status is Status.PROPOSED and "approver" not in context.roles:
        raise Refused("approver-returns", "A proposal is returned by the approver.")
    return [
        SelectionReturned(
            closing=state.closing,
            applications=state.remaining,
            reason=command.reason,
            **state.about,
        )
    ]


def _approve(command: ApproveSelection, state: Round, context: Context) -> Sequence[RoundEvent]:
    proposal = state.proposal
    if state.status is not Status.PROPOSED or proposal is None:
        return refuse_or_ignore(
            context, "nothing-proposed", f"This round is {state.status}: nothing to approve."
        )
    _four_eyes(proposal, context)
    if command.digest != proposal.digest:
        raise Refused("digest-changed", "This is not the proposal that you saw: read it again.")
    return [SelectionApproved(selected=proposal.selected, reserve=proposal.reserve, **state.about)]


def _sealed(facts: SealedFacts, state: Round) -> list[SealedCandidate]:
    found = [facts.candidates.get(application) for application in state.remaining]
    sealed = [one for one in found if one is not None and one.closing == state.closing]
    waiting = len(found) - len(sealed)
    if waiting:
        raise Refused(
            "sealing-under-way", f"Candidates not sealed yet: {waiting}. Try again in a moment."
        )
    return sealed


def _standings(sealed: Sequence[SealedCandidate], state: Round) -> list[Standing]:
    standings = [
        Standing(
            application=one.application,
            score=one.score,
            first_timer=one.first_timer,
            province=one.province,
            submitted_at=one.submitted_at,
        )
        for one in sealed
        if one.score is not None
    ]
    missing = len(sealed) - len(standings)
    if missing:
        raise Refused(
            "sheets-missing",
            f"Candidates with fewer than {state.sheets_min} sealed score sheets: {missing}. "
            "Return the selection and have them scored.",
        )
    return standings


def _tie_break(one: Standing) -> TieBreak:
    return TieBreak(
        application=one.application,
        first_timer=one.first_timer,
        province=one.province,
        submitted_at=one.submitted_at,
    )


def _four_eyes(proposal: Proposal, context: Context) -> None:
    if context.actor == proposal.proposed_by or context.actor in proposal.scored_by:
        raise Refused("four-eyes", "Who scored or proposed does not approve.")
