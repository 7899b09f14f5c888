"""The responses about a candidate: the fields that each reader may see.

Sheets and scores open once the closing has sealed them, and then only to those who decide or audit;
until then each curator sees its own sheet and no other reader sees any sheet. A conflicted curator
(declared or inferred) sees nothing of the candidate, whatever other roles its token holds, and
neither does a token that speaks for its enterprise: the caller checks `may_see_candidate` first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.selection.domain.candidate.state import (
    Assignment,
    Candidate,
    Conflict,
    Moderation,
    Progress,
)
from services.selection.domain.candidate.state import Status as CandidateStatus
from services.selection.domain.selection_round.scoring_phase import sheets_of
from shared.contracts.roles import Role
from shared.contracts.selection.candidate import CandidateEnd, Sheet
from shared.contracts.words import Applicant

DECIDING = frozenset({Role.SELECTION_OFFICER, Role.APPROVER, Role.AUDITOR})
"""The roles that decide on sealed sheets, or audit the decision."""


@dataclass(frozen=True, kw_only=True)
class CandidateResponse:
    """The fields of a candidate that its reader may see; `score` in hundredths of a point.

    `not_passed` are gates of the rubric. `sheets` are those that count; `moderations` and
    `set_aside` have those that they replace.
    """

    exhibition: str
    applicant: Applicant
    status: CandidateStatus
    end: CandidateEnd | None
    progress: Progress | None
    submitted_at: datetime | None
    sealed_by: int | None
    score: int | None
    not_passed: tuple[str, ...]
    curators: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    conflicts: tuple[Conflict, ...]
    sheets: tuple[Sheet, ...]
    moderations: tuple[Moderation, ...]
    set_aside: tuple[Sheet, ...]


@dataclass(frozen=True, kw_only=True)
class MissingSheets:
    """A candidate whose sheets are not all in: so many of so many, and the awaited curators.

    `is_wide`: its sheets lie further apart than the rubric allows, so that it needs one more.
    """

    sheets: int
    sheets_min: int
    is_wide: bool
    awaited: tuple[str, ...]


def may_see_candidate(
    state: Candidate, *, actor: str, roles: frozenset[str], enterprise: str | None = None
) -> bool:
    """Return True for those who decide or audit and for assigned curators.

    An actor that has a conflict of interest never sees the candidate, nor does a token that speaks
    for its enterprise.
    """
    if state.closed_to(actor, enterprise):
        return False
    return bool(roles & DECIDING) or actor in state.curators


def candidate_response(
    state: Candidate, *, actor: str, roles: frozenset[str], contends: bool = False
) -> CandidateResponse:
    """Return the fields of the candidate that this actor may see.

    A token that speaks for a rival (`contends`) reads no opened sheet and no score.
    """
    decides = bool(roles & DECIDING) and not state.conflicted(actor)
    sees_sheets = decides and state.seal is not None and not contends
    return CandidateResponse(
        exhibition=state.exhibition,
        applicant=state.applicant,
        status=state.status,
        end=state.end,
        progress=state.progress if decides else None,
        submitted_at=state.submitted_at,
        sealed_by=state.seal.closing if state.seal else None,
        score=state.seal.score if sees_sheets and state.seal else None,
        not_passed=state.seal.not_passed if sees_sheets and state.seal else (),
        curators=tuple(curator for curator in state.curators if decides or curator == actor),
        assignments=state.assignments if decides else (),
        conflicts=state.conflicts if decides else (),
        sheets=state.sheets if sees_sheets else _own(state.sheets, actor),
        moderations=tuple(
            moderation
            for moderation in state.moderations
            if sees_sheets or moderation.replaced.curator == actor
        ),
        set_aside=state.set_aside if sees_sheets else _own(state.set_aside, actor),
    )


def missing_sheets(
    candidate: Candidate, sheets_min: int, spread_max: int | None = None
) -> MissingSheets | None:
    """Return the sheets that a candidate lacks; None if all are in."""
    sheets = sheets_of(candidate, spread_max)
    if sheets.are_in(sheets_min):
        return None
    return MissingSheets(
        sheets=len(sheets.scored),
        sheets_min=sheets_min + sheets.is_wide,
        is_wide=sheets.is_wide,
        awaited=sheets.awaited,
    )


def _own(sheets: Sequence[Sheet], curator: str) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in sheets if sheet.curator == curator)
