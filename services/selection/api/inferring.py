"""Record the conflicts that the relations of a panel show, in each candidate of its round.

Called by the routes that appoint a panel, assign automatically and close the scoring, before or
after their own command. A process that dies in between has recorded some of them: the next of these
calls records the others, and until then every rule and reader infers them afresh.
"""

from services.selection.api.facts import candidates_of, panel_of
from services.selection.domain.candidate.conflicts import (
    InferConflicts,
    changes_of_conflicts,
    infer_conflicts,
)
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.selection_round.decider import selection_round
from services.selection.relations import known_relations
from shared.kernel.decider import Context, Origin
from shared.service import Service


async def record_inferred_conflicts(service: Service, exhibition: str, context: Context) -> None:
    """Bring the inferred conflicts of all candidates of a round up to date."""
    state = await service.load(selection_round, exhibition)
    # Without relations there is nothing to infer; what was given once stays, perhaps empty.
    if state is None or not state.relations:
        return
    known = known_relations(service, state)
    changed = [
        id
        async for id, found in candidates_of(service, exhibition)
        if changes_of_conflicts(found, known)
    ]
    # The service infers, not the officer who gave the relations: without a key, so no receipt.
    of_service = Context(
        now=context.now,
        origin=Origin.SWEEP,
        actor=f"service:{service.name}",
        correlation_id=context.correlation_id,
        traceparent=context.traceparent,
    )
    for id in changed:
        await service.handle(
            candidate,
            id,
            InferConflicts(),
            of_service,
            rule=infer_conflicts,
            facts=lambda: panel_of(service, exhibition, of_service),
        )
