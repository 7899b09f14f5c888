"""The guards of every act on a candidate: until when it can change, and who may not judge it.

Called by the rules of assignments, conflicts and score sheets. A token that speaks for the
candidate's enterprise judges nothing of it, and neither does an actor that has a conflict of
interest, declared or inferred, whatever roles their tokens have. Only a conflict may always be
declared: that is no judgement, and it binds the actor also with another token.
"""

from services.selection.domain.candidate.relations import (
    UNKNOWN,
    KnownRelations,
    with_inferred,
)
from services.selection.domain.candidate.state import Candidate, Status
from shared.kernel.decider import Context, Refused, absent, refuse_or_ignore
from shared.kernel.four_eyes import require_another_enterprise


def judged(
    state: Candidate | None, context: Context, known: KnownRelations = UNKNOWN
) -> Candidate | None:
    """Return the candidate if its sheets can still change and this actor may judge it.

    The conflicts that the `known` relations show are among its conflicts. Otherwise refuse a
    person, and return None for a reaction, which is ignored.
    """
    candidate = unsealed(state, context)
    if candidate is None:
        return None
    require_another_enterprise(candidate.applicant.enterprise, context)
    candidate = with_inferred(candidate, known)
    conflict = candidate.conflict_of(context.actor)
    if conflict is not None and conflict.kinds:
        raise Refused(
            "curator-related",
            "You are related to this candidate, so you cannot judge it. Ask a selection officer to "
            "correct your relations if they are wrong.",
        )
    if conflict is not None:
        raise Refused(
            "curator-conflicted",
            "You have declared a conflict of interest with this candidate, so you cannot judge it.",
        )
    return candidate


def unsealed(state: Candidate | None, context: Context) -> Candidate | None:
    """Return the candidate if its sheets can still change.

    Otherwise refuse a person, and return None for a reaction, which is ignored.
    """
    if state is None:
        absent(context, "candidate", yet=True)
        return None
    if state.status is Status.WITHDRAWN:
        refuse_or_ignore(
            context,
            "candidate-withdrawn",
            "The applicant has withdrawn, so this candidate cannot be scored.",
        )
        return None
    if state.status is Status.ENDED:
        refuse_or_ignore(
            context,
            "candidate-ended",
            f"This candidate takes part no more ({state.end}), so it cannot be scored.",
        )
        return None
    if state.seal is not None:
        refuse_or_ignore(
            context,
            "sheets-sealed",
            "The scoring is closed and the sheets are sealed: "
            "they can change only after the selection is returned.",
        )
        return None
    return state
