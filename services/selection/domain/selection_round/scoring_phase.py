"""The round until its scoring is closed: opened, panel appointed, candidates listed, closed.

Scoring can be closed once every listed candidate has entered, so that each hears the closing. A
closing has a number: it seals the sheets, and only that very closing can be unsealed again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, assert_never

from pydantic import Field

from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.registration.exhibition import Places
from shared.contracts.selection.candidate import Curator
from shared.contracts.selection.round import (
    CandidatesListed,
    PanelAppointed,
    RoundEvent,
    RoundOpened,
    ScoringClosed,
)
from shared.contracts.words import Id, PairId, Points, Scope, Year
from shared.kernel.decider import Context, Refused, given_facts, refuse_or_ignore

# Commands


@dataclass(frozen=True, kw_only=True)
class OpenRound:
    """(reaction) The call is open: the selection begins, on its frozen terms."""

    programme: Year
    scope: Scope
    places: Places
    rubric: Id
    threshold: Points
    sheets_min: Annotated[int, Field(ge=1)]
    offer_hours: Annotated[int, Field(ge=1)]


@dataclass(frozen=True, kw_only=True)
class AppointPanel:
    """The team of experts (tim kurator), all of it: members may be added, never dropped."""

    curators: Annotated[tuple[Curator, ...], Field(min_length=1, max_length=50)]


@dataclass(frozen=True, kw_only=True)
class ListCandidates:
    """(reaction) Verification is closed: exactly these applications are candidates."""

    applications: tuple[PairId, ...]


@dataclass(frozen=True, kw_only=True)
class CloseScoring:
    """Seal the sheets that are in."""


@dataclass(frozen=True, kw_only=True)
class EnteredFacts:
    """The applications of this exhibition that have become candidates, withdrawn ones too."""

    entered: frozenset[str]


ScoringCommand = AppointPanel | ListCandidates | CloseScoring

# Rules


def open_round(command: OpenRound, state: Round) -> Sequence[RoundEvent]:
    """Once; what was struck before stays struck, and a cancelled round stays cancelled."""
    if state.status is not Status.AWAITED:
        return []
    return [
        RoundOpened(
            places=command.places,
            rubric=command.rubric,
            threshold=command.threshold,
            sheets_min=command.sheets_min,
            offer_hours=command.offer_hours,
            **state.about,
        )
    ]


def decide_scoring(
    command: ScoringCommand, facts: object, state: Round, context: Context
) -> Sequence[RoundEvent]:
    """Only while the round is open."""
    if state.status is not Status.OPEN:
        return refuse_or_ignore(
            context, "round-not-open", f"This round is {state.status}, not open."
        )
    match command:
        case AppointPanel():
            return _appoint(command, state)
        case ListCandidates():
            return _list(command, state)
        case CloseScoring():
            return _close(given_facts(EnteredFacts, facts), state)
        case _:
            assert_never(command)


def _appoint(command: AppointPanel, state: Round) -> Sequence[RoundEvent]:
    members = frozenset(command.curators)
    if len(members) < len(command.curators):
        raise Refused("curator-repeated", "Name each curator once.")
    if len(members) < state.sheets_min:
        raise Refused(
            "panel-too-small",
            f"A candidate needs {state.sheets_min} sheets: name as many curators.",
        )
    # An assignment relies on the panel, and it is decided elsewhere: so nobody is ever dropped.
    dropped = [curator for curator in state.panel if curator not in members]
    if dropped:
        raise Refused("curator-dropped", f"Members stay: name {', '.join(dropped)} too.")
    if members == frozenset(state.panel):
        return []
    return [PanelAppointed(size=len(members), curators=command.curators, **state.about)]


def _list(command: ListCandidates, state: Round) -> Sequence[RoundEvent]:
    if state.listed is not None:
        return []
    return [CandidatesListed(applications=command.applications, **state.about)]


def _close(facts: EnteredFacts, state: Round) -> Sequence[RoundEvent]:
    if state.listed is None:
        raise Refused("candidates-not-listed", "The verification of this exhibition is not closed.")
    missing = [one for one in state.remaining if one not in facts.entered]
    if missing:
        raise Refused(
            "candidates-not-entered",
            f"Listed candidates not heard of yet: {len(missing)}. Try again in a moment.",
        )
    return [
        ScoringClosed(
            closing=state.closing + 1,
            sheets_min=state.sheets_min,
            applications=state.remaining,
            **state.about,
        )
    ]
