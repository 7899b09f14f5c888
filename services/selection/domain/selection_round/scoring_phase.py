"""The rules of a round until its scoring is closed: open, list, close; `panel` has its curators.

Scoring can be closed once every listed candidate has entered, so that each of them receives the
closing, and has all its sheets: `sheets_min` at least, and that of every assigned curator. A
closing has a number: it seals the sheets, and only a return of that same closing unseals them.

A sheet may be retracted, or a curator assigned, after the facts were loaded and before the sheets
are sealed. The seal then finds too few sheets and makes no score, so that no selection is proposed,
or it counts the sheets that are in; a sheet that comes later is refused. So may the sheet of a
curator whose relations were given after its facts were loaded: the ranking is then refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from services.selection.domain.calibration.severity import guard_of
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.selection_round.interests import require_no_interest
from services.selection.domain.selection_round.panel import refuse_unless_open
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.registration.exhibition import ObjectionTerms, Places
from shared.contracts.registration.quota import Quota
from shared.contracts.selection.curator import CuratorRelations
from shared.contracts.selection.round import (
    CandidatesListed,
    DeclaredConflict,
    RoundEvent,
    RoundOpened,
    ScoringClosed,
)
from shared.contracts.selection.rubric import Guard
from shared.contracts.words import Id, PairId, Points, Scope, Year
from shared.contracts.zones import JAKARTA, Zone
from shared.kernel.decider import Context, Refused, absent
from shared.kernel.errors import NotYet

RELATED_SHEETS = "related-sheets"
NAMES_MAX = 10
"""A refusal names so many candidates; a query lists all of them."""

# Commands


@dataclass(frozen=True, kw_only=True)
class OpenRound:
    """(reaction) Open the round on the frozen terms of the call that has opened."""

    programme: Year
    scope: Scope
    places: Places
    quotas: tuple[Quota, ...] = ()
    rubric: Id
    threshold: Points
    sheets_min: Annotated[int, Field(ge=1)]
    offer_hours: Annotated[int, Field(ge=1)]
    starts_on: date
    ends_on: date = date.max
    zone: Zone = JAKARTA
    technical_approval: bool = False
    objections: ObjectionTerms | None = None


@dataclass(frozen=True, kw_only=True)
class ListCandidates:
    """(reaction) List these applications, but for the struck: the verification is closed."""

    applications: tuple[PairId, ...]


@dataclass(frozen=True, kw_only=True)
class CloseScoring:
    """Close the scoring, which seals the submitted sheets."""


@dataclass(frozen=True, kw_only=True)
class CandidateSheets:
    """The curators of a candidate: who is to score it, who has, and who has a conflict.

    `scorers` are those that have scored it and those whose sheet was set aside. `is_wide`: its
    sheets lie further apart than the rubric allows, so it needs one sheet more.
    """

    assigned: tuple[str, ...]
    scored: tuple[str, ...]
    scorers: tuple[str, ...]
    conflicted: tuple[str, ...]
    is_wide: bool = False

    @property
    def awaited(self) -> tuple[str, ...]:
        """Return the assigned curators that have not scored it."""
        return tuple(curator for curator in self.assigned if curator not in self.scored)

    def are_in(self, sheets_min: int) -> bool:
        """Return True if no sheet is missing, not even the one more of a wide spread."""
        return len(self.scored) >= sheets_min + self.is_wide and not self.awaited


@dataclass(frozen=True, kw_only=True)
class ScoringFacts:
    """The sheets of the applications that have become candidates, also of withdrawn ones.

    Their conflicts are those that are recorded, and those that these `relations` of the panel show.
    """

    candidates: dict[str, CandidateSheets]
    relations: tuple[CuratorRelations, ...] = ()


# Rules


def open_round(command: OpenRound, state: Round) -> Sequence[RoundEvent]:
    """Open the round once; struck candidates stay struck, a cancelled round stays cancelled."""
    if state.status is not Status.AWAITED:
        return []
    return [
        RoundOpened(
            places=command.places,
            quotas=command.quotas,
            rubric=command.rubric,
            threshold=command.threshold,
            sheets_min=command.sheets_min,
            offer_hours=command.offer_hours,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            zone=command.zone,
            technical_approval=command.technical_approval,
            objections=command.objections,
            **state.round_fields,
        )
    ]


def list_candidates(command: ListCandidates, state: Round) -> Sequence[RoundEvent]:
    """List the candidates once, only while the round is open, without the struck."""
    if state.status is not Status.OPEN or state.listed is not None:
        return []
    struck = frozenset(state.struck)
    listed = tuple(id for id in command.applications if id not in struck)
    return [CandidatesListed(applications=listed, **state.round_fields)]


def sheets_of(state: Candidate, spread_max: int | None = None) -> CandidateSheets:
    """Return the facts of a candidate that a closing uses."""
    return CandidateSheets(
        assigned=state.curators,
        scored=tuple(sheet.curator for sheet in state.sheets),
        scorers=state.scorers,
        conflicted=tuple(conflict.curator for conflict in state.conflicts),
        is_wide=state.is_wide(spread_max),
    )


def close_scoring(
    command: CloseScoring, facts: ScoringFacts, state: Round | None, context: Context
) -> Sequence[RoundEvent]:
    """Close the scoring once all remaining candidates have entered and have their sheets."""
    if state is None:
        return absent(context, "round", yet=True)
    if state.status is not Status.OPEN:
        return refuse_unless_open(state, context)
    if state.listed is None:
        raise Refused(
            "candidates-not-listed",
            "The verification of this exhibition is not closed: close it first.",
        )
    if facts.relations != state.relations:
        raise NotYet(
            "relations-changed",
            "The relations of the panel were changed a moment ago: close the scoring again.",
        )
    conflicts = _conflicts(facts, state)
    require_no_interest(conflicts, state, context)
    sheets = _sheets(facts, state)
    return [
        ScoringClosed(
            closing=state.closing + 1,
            sheets_min=state.sheets_min,
            guard=state.guard or _guard(sheets),
            applications=state.remaining,
            closed_by=context.actor,
            scored_by=tuple(sorted({name for found in sheets.values() for name in found.scorers})),
            conflicts=conflicts,
            **state.round_fields,
        )
    ]


def _guard(sheets: Mapping[str, CandidateSheets]) -> Guard:
    # The number of the sheets says it, so their totals are not looked at.
    return guard_of({id: dict.fromkeys(found.scored, 0) for id, found in sheets.items()})


def _conflicts(facts: ScoringFacts, state: Round) -> tuple[DeclaredConflict, ...]:
    found = tuple(
        DeclaredConflict(application=application, curator=curator)
        for application in state.remaining
        if application in facts.candidates
        for curator in facts.candidates[application].conflicted
    )
    late = (each for each in state.late_conflicts if each.application in state.remaining)
    return (*found, *(each for each in late if each not in found))


def _sheets(facts: ScoringFacts, state: Round) -> dict[str, CandidateSheets]:
    """Return the sheets of the remaining candidates, or refuse to close without some of them."""
    absent_ids = [id for id in state.remaining if id not in facts.candidates]
    if absent_ids:
        raise Refused(
            "candidates-not-entered",
            f"Listed candidates that have not entered yet: {len(absent_ids)} "
            f"({_names(absent_ids)}). GET /rounds/{state.exhibition} names all that are listed, "
            f"GET /candidates?exhibition={state.exhibition} those that have entered: try again in "
            "a moment.",
        )
    sheets = {id: facts.candidates[id] for id in state.remaining}
    _require_recorded(sheets, state)
    related = [id for id, found in sheets.items() if set(found.scored) & set(found.conflicted)]
    if related:
        raise NotYet(
            RELATED_SHEETS,
            f"Candidates with a sheet of a curator that is related to them: {len(related)} "
            f"({_names(related)}). Close the scoring again, which sets these sheets aside.",
        )
    short = [id for id, found in sheets.items() if not found.are_in(state.sheets_min)]
    wide = [id for id in short if sheets[id].is_wide and not sheets[id].awaited]
    if short and len(wide) == len(short):
        raise Refused(
            "spread-too-wide",
            f"Candidates whose score sheets lie too far apart: {len(wide)} ({_names(wide)}). "
            "Assign one more curator to each; the automatic assignment does so, too.",
        )
    if short:
        raise Refused(
            "sheets-missing",
            f"Candidates whose score sheets are not all in: {len(short)} ({_names(short)}). "
            f"GET /rounds/{state.exhibition}/missing-sheets lists them with the curators.",
        )
    return sheets


def _require_recorded(sheets: Mapping[str, CandidateSheets], state: Round) -> None:
    """Refuse to close while a late conflict has not set its sheet aside yet."""
    for conflict in state.late_conflicts:
        found = sheets.get(conflict.application)
        if found is not None and conflict.curator in found.scored:
            raise Refused(
                "conflict-not-recorded",
                f"A late conflict of interest with {conflict.application} is not recorded there "
                "yet: close the scoring again.",
            )


def _names(applications: Sequence[str]) -> str:
    more = ", …" if len(applications) > NAMES_MAX else ""
    return ", ".join(applications[:NAMES_MAX]) + more
