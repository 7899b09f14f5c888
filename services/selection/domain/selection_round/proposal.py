"""The rules of the selection: propose on sealed sheets, then approve with four eyes, or return.

A proposal rests on a single closing: sealed sheets cannot change, so the facts that the route has
loaded are still true when the proposal is decided. Every change of the inputs voids the proposal.
The approver names the digest of the proposal that it has read. Once the sheets are open only an
approver returns the selection. `interests` says who may not decide, whatever roles its token holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from services.selection.domain.candidate.state import Candidate
from services.selection.domain.selection_round.digest import Digest
from services.selection.domain.selection_round.interests import (
    require_judge_of_proposal,
    require_judge_of_scoring,
    require_no_interest,
)
from services.selection.domain.selection_round.ranking import Standing, Terms, digest_of, ranked
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.calendar import jakarta_date
from shared.contracts.selection.round import (
    DeclaredConflict,
    ReturnCode,
    RoundEvent,
    SelectionApproved,
    SelectionProposed,
    SelectionReturned,
    TieBreak,
)
from shared.contracts.words import Province, Text
from shared.kernel.decider import Context, Refused, absent, refuse_or_ignore

# Commands


@dataclass(frozen=True, kw_only=True)
class ProposeSelection:
    """Propose the ranking of the candidates by their sealed scores."""


@dataclass(frozen=True, kw_only=True)
class SealedCandidate:
    """A candidate sealed by `closing`; `score` is None if there were too few sheets."""

    application: str
    closing: int
    score: int | None
    curators: tuple[str, ...]
    conflicted: tuple[str, ...]
    first_timer: bool
    province: Province
    submitted_at: datetime


@dataclass(frozen=True, kw_only=True)
class SealedFacts:
    """The exhibition's sealed candidates by application."""

    candidates: dict[str, SealedCandidate]


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


def sealed_candidate(application: str, state: Candidate) -> SealedCandidate | None:
    """Return the facts of a candidate that a proposal uses; None if its sheets are not sealed."""
    if state.seal is None or state.submitted_at is None:
        return None
    return SealedCandidate(
        application=application,
        closing=state.seal.closing,
        score=state.seal.score,
        curators=tuple(sheet.curator for sheet in state.sheets),
        conflicted=tuple(conflict.curator for conflict in state.conflicts),
        first_timer=state.applicant.first_timer,
        province=state.applicant.province,
        submitted_at=state.submitted_at,
    )


def propose_selection(
    command: ProposeSelection, facts: SealedFacts, state: Round | None, context: Context
) -> Sequence[RoundEvent]:
    """Propose the ranking once the scoring is closed and every remaining candidate is sealed."""
    if state is None:
        return absent(context, "round", yet=True)
    if state.status is not Status.SCORING_CLOSED:
        return refuse_or_ignore(
            context,
            "scoring-not-closed",
            f"The round is {state.status}: "
            f"you can propose a selection only while it is {Status.SCORING_CLOSED}.",
        )
    sealed = _sealed_by_this_closing(facts, state)
    conflicts = tuple(
        DeclaredConflict(application=candidate.application, curator=curator)
        for candidate in sealed
        for curator in candidate.conflicted
    )
    require_no_interest(conflicts, state, context)
    standings = _standings(sealed, state)
    terms = Terms(rubric=state.rubric, threshold=state.threshold, places=state.places)
    ranking = ranked(standings, terms)
    curators = {curator for candidate in sealed for curator in candidate.curators}
    return [
        SelectionProposed(
            closing=state.closing,
            digest=digest_of(ranking, terms, state.closing),
            selected=_applications(ranking.selected),
            reserve=_applications(ranking.reserve),
            below=_applications(ranking.below),
            scores={standing.application: standing.score for standing in standings},
            tie_breaks=tuple(_tie_break(standing) for standing in standings),
            scored_by=tuple(sorted(curators)),
            proposed_by=context.actor,
            conflicts=conflicts,
            **state.round_fields,
        )
    ]


def decide_proposal(
    command: ReturnSelection | ApproveSelection, state: Round, context: Context
) -> Sequence[RoundEvent]:
    """Return or approve the selection."""
    match command:
        case ReturnSelection():
            return _return(command, state, context)
        case ApproveSelection():
            return _approve(command, state, context)
        case _:
            assert_never(command)


def _return(command: ReturnSelection, state: Round, context: Context) -> Sequence[RoundEvent]:
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


def _approve(command: ApproveSelection, state: Round, context: Context) -> Sequence[RoundEvent]:
    proposal = state.proposal
    if state.status is not Status.PROPOSED or proposal is None:
        return refuse_or_ignore(
            context,
            "nothing-proposed",
            f"The round is {state.status}: "
            f"you can approve a selection only while it is {Status.PROPOSED}.",
        )
    require_judge_of_proposal(proposal, state, context)
    if command.digest != proposal.digest:
        raise Refused(
            "digest-changed",
            "The proposal has another digest: read the proposal again, then approve its digest.",
        )
    return [
        SelectionApproved(
            approved_on=jakarta_date(context.now),
            selected=proposal.selected,
            reserve=proposal.reserve,
            **state.round_fields,
        )
    ]


def _sealed_by_this_closing(facts: SealedFacts, state: Round) -> list[SealedCandidate]:
    candidates = [facts.candidates.get(application) for application in state.remaining]
    sealed = [
        candidate
        for candidate in candidates
        if candidate is not None and candidate.closing == state.closing
    ]
    waiting = len(candidates) - len(sealed)
    if waiting:
        raise Refused(
            "sealing-under-way",
            f"Candidates that are not sealed yet: {waiting}. Try again in a moment.",
        )
    return sealed


def _standings(sealed: Sequence[SealedCandidate], state: Round) -> list[Standing]:
    standings = [
        Standing(
            application=candidate.application,
            score=candidate.score,
            first_timer=candidate.first_timer,
            province=candidate.province,
            submitted_at=candidate.submitted_at,
        )
        for candidate in sealed
        if candidate.score is not None
    ]
    missing = len(sealed) - len(standings)
    if missing:
        raise Refused(
            "sheets-missing",
            f"Candidates with fewer than {state.sheets_min} sealed score sheets: {missing}. "
            "Return the selection and have them scored.",
        )
    return standings


def _applications(standings: Sequence[Standing]) -> tuple[str, ...]:
    return tuple(standing.application for standing in standings)


def _tie_break(standing: Standing) -> TieBreak:
    return TieBreak(
        application=standing.application,
        first_timer=standing.first_timer,
        province=standing.province,
        submitted_at=standing.submitted_at,
    )
