"""The time for objections (Masa Sanggah), and the deadlines of a round.

It begins with the approval. It ends early enough before the show that an objection can still be
decided, and a seat that was in dispute can still be offered for its whole time; where it is too
late for that, there is none. The same bound counts again once the exhibition has other days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.selection.domain.selection_round.objection import Objection
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.calendar import day_before_ends
from shared.contracts.words import PairId
from shared.kernel.decider import Context, Deadline

CLOSING_GRACE = timedelta(seconds=60)
"""The time from the last instant to object until the window closes (ours).

An objection that came in time may be decided some seconds later, and must not find that its seat
was offered.
"""
TICK = timedelta(milliseconds=1)
"""The smallest step of the clock: a decision *at* its deadline is in time."""

# Commands


@dataclass(frozen=True, kw_only=True)
class CloseObjectionWindow:
    """(sweep) Close the time for objections: the seats that are not in dispute are offered."""


@dataclass(frozen=True, kw_only=True)
class ExpireObjection:
    """(sweep) End the escrow for an objection that was not decided in time."""

    application: PairId


# Rules


def window_after_approval(state: Round, context: Context) -> datetime | None:
    """Return the last instant to object to what is approved now; None: there is no time for it."""
    terms = state.objection_terms
    if terms is None:
        return None
    latest_at = _latest_decision(state) - timedelta(days=terms.decision_days)
    until = min(context.now + timedelta(days=terms.days), latest_at)
    return until if until > context.now else None


def window_ends(state: Round) -> datetime | None:
    """Return the last instant to object, also once the show was moved; None: there was no time."""
    if state.objections_until is None:
        return None
    return min(state.objections_until, _latest_decision(state))


def first_decide_by(state: Round, context: Context) -> datetime:
    """Return the deadline of the decision on an objection that is filed now."""
    days = state.objection_terms.decision_days if state.objection_terms else 0
    return min(context.now + timedelta(days=days), _latest_decision(state))


def decide_by(objection: Objection, state: Round) -> datetime:
    """Return the deadline of the decision on an objection, also once the show was moved."""
    return min(objection.decide_by, _latest_decision(state))


def deadlines(state: Round | None) -> Sequence[Deadline | None]:
    """Return the deadlines of an approved round: of the window, and of each open objection."""
    if state is None or state.status is not Status.APPROVED:
        return ()
    ends = window_ends(state)
    if ends is None:
        return ()
    window = Deadline(at=ends + CLOSING_GRACE, command=CloseObjectionWindow())
    return (
        window if state.window_open else None,
        *(
            Deadline(
                at=decide_by(objection, state) + TICK,
                command=ExpireObjection(application=objection.application),
            )
            for objection in state.disputed
        ),
    )


def _latest_decision(state: Round) -> datetime:
    """Return the last instant from which a place can still be offered for its whole time."""
    return day_before_ends(state.starts_on, state.zone) - timedelta(hours=state.offer_hours)
