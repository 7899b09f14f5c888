"""The rules of conflicts of interest (Benturan Kepentingan): declared for good, or inferred.

A curator declares it assigned or not; from then on it neither sees nor scores this candidate. If it
has submitted a sheet that no closing has opened, it must retract the sheet first, and history shows
that the sheet was there. A sheet that a closing has opened is frozen, so it cannot be retracted:
the conflict sets it aside. So no sheet of a conflicted curator ever counts from then on.

A conflict that relations show (`relations`) is recorded for every curator of the panel, whatever it
has done, and sets its sheet aside. If the relations were given by mistake, their correction lifts
it, as long as no sheet of the candidate was opened: afterwards the officer who corrects it may have
read the scores. Called by the routes that appoint a panel, assign automatically and close the
scoring.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.selection.domain.candidate.assignments import PanelFacts
from services.selection.domain.candidate.judgement import unsealed
from services.selection.domain.candidate.relations import KnownRelations
from services.selection.domain.candidate.state import Candidate, Status
from shared.contracts.selection.candidate import (
    CandidateEvent,
    ConflictDeclared,
    ConflictInferred,
    Curator,
    InferredConflictLifted,
)
from shared.contracts.selection.round import DeclaredConflict
from shared.contracts.words import Text
from shared.kernel.decider import Context, Refused

# Commands


@dataclass(frozen=True, kw_only=True)
class DeclareConflict:
    """Declare your own conflict of interest (Benturan Kepentingan) as a curator."""

    reason: Text


@dataclass(frozen=True, kw_only=True)
class RecordLateConflict:
    """Record a conflict of interest that the round knows already; `reason` stays private."""

    curator: Curator
    reason: Text


@dataclass(frozen=True, kw_only=True)
class LateConflictFacts:
    """The late conflicts of the round, which only grow."""

    conflicts: tuple[DeclaredConflict, ...]


@dataclass(frozen=True, kw_only=True)
class InferConflicts:
    """(route) Record the conflicts that the relations of the panel show; lift those of a mistake.

    It is no act of a person and never refused: where nothing can change, nothing happens.
    """


# Rules


def record_late_conflict(
    command: RecordLateConflict,
    facts: LateConflictFacts,
    state: Candidate | None,
    context: Context,
) -> Sequence[CandidateEvent]:
    """Record a late conflict, once: the sheet of this curator is set aside, sealed or not."""
    known = DeclaredConflict(application=context.subject, curator=command.curator)
    if state is None or known not in facts.conflicts or state.declared(command.curator):
        return []
    return [
        ConflictDeclared(applicant=state.applicant, curator=command.curator, reason=command.reason)
    ]


def declare_conflict(
    command: DeclareConflict, facts: PanelFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Record the conflict of interest of a curator of the panel, once."""
    candidate = unsealed(state, context)
    if candidate is None:
        return []
    if context.actor not in facts.curators:
        raise Refused(
            "not-on-panel",
            "You are not on the panel of the round, so you have no conflict to declare.",
        )
    if candidate.declared(context.actor):
        return []
    if candidate.sheet_of(context.actor) is not None and context.actor not in candidate.opened:
        raise Refused(
            "sheet-submitted",
            "You have submitted a sheet: retract it, then declare the conflict.",
        )
    return [
        ConflictDeclared(
            applicant=candidate.applicant, curator=context.actor, reason=command.reason
        )
    ]


def infer_conflicts(
    command: InferConflicts, facts: PanelFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Record what the relations show and is not recorded, and lift what they show no more."""
    return [] if state is None else changes_of_conflicts(state, facts.known)


def changes_of_conflicts(state: Candidate, known: KnownRelations) -> Sequence[CandidateEvent]:
    """Return the events that bring the inferred conflicts of a candidate up to date."""
    if state.status is not Status.ENTERED or state.seal is not None:
        return []
    related = known.related(state)
    inferred = [
        ConflictInferred(applicant=state.applicant, curator=curator, kinds=kinds)
        for curator, kinds in related.items()
        if not state.conflicted(curator)
    ]
    lifted = [
        InferredConflictLifted(applicant=state.applicant, curator=conflict.curator)
        for conflict in state.conflicts
        if conflict.kinds and conflict.curator not in related and not state.opened
    ]
    return [*inferred, *lifted]
