"""Late conflicts of interest: the round opens again, then the candidate records the conflict.

Two aggregates are written, the round first. If the process dies in between, the caller's next try
or the next closing of the scoring does the second write: the round remembers the conflict.
"""

from services.selection.domain.candidate.conflicts import (
    DeclareConflict,
    LateConflictFacts,
    RecordLateConflict,
    record_late_conflict,
)
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.late_conflicts import DeclareLateConflict
from shared.contracts.ids import exhibition_of
from shared.kernel.answers import Answer
from shared.kernel.decider import Context
from shared.service import Service

NOT_RECORDED = "The curator has declared it to the round."
"""The private words of a conflict whose own words were lost between the two writes."""


async def is_sealed(service: Service, application: str) -> bool:
    """Return True if a closing has sealed the sheets of this candidate."""
    found = await service.load(candidate, application)
    return found is not None and found.seal is not None


async def declare_late_conflict(
    service: Service, application: str, body: DeclareConflict, context: Context
) -> Answer:
    """Open the round again, then record the conflict at its candidate."""
    declared = DeclareLateConflict(application=application, reason=body.reason)
    await service.handle(selection_round, exhibition_of(application), declared, context)
    return await _record(service, application, context.actor, body.reason, context)


async def record_late_conflicts(service: Service, exhibition: str, context: Context) -> None:
    """Record the late conflicts of a round that their candidates do not know yet."""
    state = await service.load(selection_round, exhibition)
    for conflict in state.late_conflicts if state else ():
        found = await service.load(candidate, conflict.application)
        if found is not None and not found.declared(conflict.curator):
            await _record(service, conflict.application, conflict.curator, NOT_RECORDED, context)


async def _record(
    service: Service, application: str, curator: str, reason: str, context: Context
) -> Answer:
    async def facts() -> LateConflictFacts:
        state = await service.load(selection_round, exhibition_of(application))
        return LateConflictFacts(conflicts=state.late_conflicts if state else ())

    return await service.handle(
        candidate,
        application,
        RecordLateConflict(curator=curator, reason=reason),
        context,
        rule=record_late_conflict,
        facts=facts,
    )
