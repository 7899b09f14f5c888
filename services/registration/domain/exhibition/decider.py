"""The exhibition (Pameran, id chosen by the officer): its commands, each passed to its rule.

`planning` proposes, plans and cancels an exhibition, `rescheduling` gives it other days, `call` has
the rules of its open call, and `holding` those from the decree to the report. `state` folds the
events.
"""

from collections.abc import Sequence
from typing import assert_never

from services.registration.domain.exhibition.call import (
    CloseCall,
    CloseVerification,
    OpenCall,
    call_deadline,
    close_call,
)
from services.registration.domain.exhibition.holding import (
    DecreeExhibition,
    EndExhibition,
    OpenExhibition,
    ReportExhibition,
    decide_holding,
)
from services.registration.domain.exhibition.planning import (
    CancelExhibition,
    PlanExhibition,
    ProposeExhibition,
)
from services.registration.domain.exhibition.rescheduling import RescheduleExhibition
from services.registration.domain.exhibition.slot import may_claim_slot, slot_claims
from services.registration.domain.exhibition.state import (
    Exhibition,
    evolve,
)
from shared.contracts.registration.exhibition import ExhibitionEvent
from shared.kernel.decider import Context, Decider, absent

CommandWithoutFacts = CloseCall | DecreeExhibition | OpenExhibition | EndExhibition
"""The commands that `decide` handles; the routes name the rules of the other commands."""

ExhibitionCommand = (
    CommandWithoutFacts
    | ProposeExhibition
    | PlanExhibition
    | OpenCall
    | CloseVerification
    | RescheduleExhibition
    | ReportExhibition
    | CancelExhibition
)

MONTH, CITY = "calendar.months", "calendar.city"
"""The indexed fields by which `find` finds the exhibitions of a month and of a city."""

# Rules


def decide(
    command: CommandWithoutFacts, state: Exhibition | None, context: Context
) -> Sequence[ExhibitionEvent]:
    """Decide a command that needs no facts, about an exhibition that was proposed."""
    if state is None:
        return absent(context, "exhibition")
    match command:
        case CloseCall():
            return close_call(state, context)
        case DecreeExhibition() | OpenExhibition() | EndExhibition():
            return decide_holding(command, state, context)
        case _:
            assert_never(command)


STARTS_ON, CLOSES_AT = "plan.starts_on", "call.closes_at"
"""The fields by which lists of exhibitions may be sorted."""

exhibition = Decider(
    kind="exhibition",
    commands=ExhibitionCommand,
    state=Exhibition | None,
    events=ExhibitionEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    deadlines=lambda state: [call_deadline(state)],
    claims=slot_claims,
    may_claim=may_claim_slot,
    revision=4,
    indexes=("programme", "scope", "status", "slot", MONTH, CITY),
    orders=tuple(
        (*before, field)
        for field in (STARTS_ON, CLOSES_AT)
        for before in ((), ("programme",), ("scope",), ("status",), (MONTH,), (CITY,))
    ),
)
