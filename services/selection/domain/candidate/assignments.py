"""The rules of assignments: which curators of the panel are to score a candidate.

Only curators of the round's panel are assigned, and a panel only grows, so an assignment stays
valid. An officer may unassign a curator until a closing has opened its sheet. A sheet that was
submitted and not opened is then set aside: only its curator has read it, so no officer can choose
scores by unassigning. An opened sheet is frozen: those who decide have read it. Who speaks for an
enterprise with a candidate of the round chooses no curator, of its rivals either.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from services.selection.domain.candidate.judgement import judged
from services.selection.domain.candidate.relations import UNKNOWN, KnownRelations
from services.selection.domain.candidate.state import Candidate
from shared.contracts.selection.candidate import (
    CandidateEvent,
    Curator,
    CuratorAssigned,
    CuratorUnassigned,
    UnassignmentCode,
)
from shared.contracts.words import Text
from shared.kernel.decider import Context, Refused
from shared.kernel.four_eyes import require_no_contender

# Commands


@dataclass(frozen=True, kw_only=True)
class AssignCurator:
    """Assign a curator of the panel, who is then to score this candidate."""

    curator: Curator


@dataclass(frozen=True, kw_only=True)
class AssignCurators:
    """Assign several curators of the panel to this candidate: all of them, or none."""

    curators: Annotated[tuple[Curator, ...], Field(min_length=1, max_length=50)]


@dataclass(frozen=True, kw_only=True)
class UnassignCurator:
    """Unassign a curator; `reason` stays private."""

    curator: Curator
    code: UnassignmentCode
    reason: Text


@dataclass(frozen=True, kw_only=True)
class PanelFacts:
    """The panel of the candidate's round, which only grows, and what is `known` of its relations.

    `contender`: the enterprise of the caller's token, if it has entered a candidate of this round.
    `sheets_min` and `spread_max` are the terms by which a candidate lacks curators.
    """

    curators: tuple[str, ...]
    contender: str | None = None
    known: KnownRelations = UNKNOWN
    sheets_min: int = 0
    spread_max: int | None = None


# Rules


def assign_curator(
    command: AssignCurator, facts: PanelFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Assign a curator of the panel that has no conflict; do nothing if it is assigned."""
    return _assign((command.curator,), facts, state, context)


def assign_curators(
    command: AssignCurators, facts: PanelFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Assign those of these curators that are not assigned yet, or refuse all of them."""
    return _assign(command.curators, facts, state, context)


def assign_lacking(
    command: AssignCurators, facts: PanelFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Assign so many of these curators as the candidate lacks by now; the rest is not needed.

    Another automatic assignment may have been faster.
    """
    if state is None:
        return _assign(command.curators, facts, state, context)
    lacking = state.wanted(facts.sheets_min, facts.spread_max) - len(state.curators)
    free = [curator for curator in command.curators if curator not in state.curators]
    return _assign(free[: max(0, lacking)], facts, state, context)


def unassign_curator(
    command: UnassignCurator, facts: PanelFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """End the assignment of a curator whose sheet no closing has opened."""
    candidate = judged(state, context)
    if candidate is None:
        return []
    require_no_contender(facts.contender, context)
    if command.curator not in candidate.curators:
        raise Refused(
            "not-assigned", f"{command.curator} is not assigned to this candidate: check the name."
        )
    if command.curator in candidate.opened:
        raise Refused(
            "sheet-opened",
            f"A closing has opened the sheet of {command.curator}, so it stays: "
            "only a conflict of interest sets it aside.",
        )
    return [
        CuratorUnassigned(
            applicant=candidate.applicant,
            code=command.code,
            curator=command.curator,
            reason=command.reason,
            unassigned_by=context.actor,
        )
    ]


def _assign(
    curators: Collection[str], facts: PanelFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    candidate = judged(state, context, facts.known)
    if candidate is None:
        return []
    require_no_contender(facts.contender, context)
    for curator in curators:
        _require_free(curator, facts, candidate)
    return [
        CuratorAssigned(applicant=candidate.applicant, curator=curator, assigned_by=context.actor)
        for curator in dict.fromkeys(curators)
        if curator not in candidate.curators
    ]


def _require_free(curator: str, facts: PanelFacts, candidate: Candidate) -> None:
    if curator not in facts.curators:
        raise Refused(
            "not-on-panel",
            f"{curator} is not on the panel of the round: appoint this curator first.",
        )
    conflict = candidate.conflict_of(curator)
    if conflict is not None and conflict.kinds:
        raise Refused(
            "curator-related",
            f"{curator} is related to this candidate ({', '.join(conflict.kinds)}): assign another "
            "curator, or correct the relations of this curator if they are wrong.",
        )
    if conflict is not None:
        raise Refused(
            "curator-conflicted",
            f"{curator} has declared a conflict of interest: assign another curator.",
        )
