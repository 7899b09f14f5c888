"""The rule of conflicts of interest (Benturan Kepentingan): a curator declares its own, for good.

A curator declares it assigned or not; from then on it neither sees nor scores this candidate. If it
has submitted a sheet that no closing has opened, it must retract the sheet first, and history shows
that the sheet was there. A sheet that a closing has opened is frozen, so it cannot be retracted:
the conflict sets it aside. So no sheet of a conflicted curator ever counts from then on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.selection.domain.candidate.assignments import PanelFacts
from services.selection.domain.candidate.judgement import unsealed
from services.selection.domain.candidate.state import Candidate
from shared.contracts.selection.candidate import CandidateEvent, ConflictDeclared, Curator
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


# Rules


def record_late_conflict(
    command: RecordLateConflict,
    facts: LateConflictFacts,
    state: Candidate | None,
    context: Context,
) -> Sequence[CandidateEvent]:
    """Record a late conflict, once: the sheet of this curator is set aside, sealed or not."""
    known = DeclaredConflict(application=context.subject, curator=command.curator)
    if state is None or known not in facts.conflicts or state.conflicted(command.curator):
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
    if candidate.conflicted(context.actor):
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
