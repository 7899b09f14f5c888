"""The application (id = EXHIBITION.ENTERPRISE): an enterprise's request for a place.

This module lists the commands and passes each of them that needs no facts to its rule in
`submission` or `place`. The routes name the rules of the other commands, in `submission`,
`verification` and `place`. `state` folds the events.
"""

from collections.abc import Sequence
from typing import assert_never

from services.registration.domain.application.place import (
    AcceptOffer,
    ConfirmParticipation,
    DeclineOffer,
    ExpireOffer,
    LapseApplication,
    ReceiveOffer,
    RecordAttendance,
    decide_place,
    offer_deadline,
)
from services.registration.domain.application.state import (
    Application,
    evolve,
    refuse_absent_application,
)
from services.registration.domain.application.submission import (
    RequestCorrection,
    ResubmitApplication,
    SubmitApplication,
    WithdrawApplication,
    request_correction,
    withdraw_application,
)
from services.registration.domain.application.verification import VerifyApplication
from shared.contracts.registration.application import ApplicationEvent
from shared.kernel.decider import Context, Decider

CommandWithoutFacts = (
    RequestCorrection
    | WithdrawApplication
    | ReceiveOffer
    | DeclineOffer
    | ExpireOffer
    | ConfirmParticipation
    | LapseApplication
)
"""The commands that `decide` handles; the routes name the rules of the other commands."""

ApplicationCommand = (
    CommandWithoutFacts
    | SubmitApplication
    | ResubmitApplication
    | VerifyApplication
    | AcceptOffer
    | RecordAttendance
)

# Rules


def decide(
    command: CommandWithoutFacts, state: Application | None, context: Context
) -> Sequence[ApplicationEvent]:
    """Decide a command that needs no facts, about an application that was submitted."""
    if state is None:
        return refuse_absent_application(context)
    match command:
        case RequestCorrection():
            return request_correction(command, state)
        case WithdrawApplication():
            return withdraw_application(command, state)
        case (
            ReceiveOffer()
            | DeclineOffer()
            | ExpireOffer()
            | ConfirmParticipation()
            | LapseApplication()
        ):
            return decide_place(command, state, context)
        case _:
            assert_never(command)


application = Decider(
    kind="application",
    commands=ApplicationCommand,
    state=Application | None,
    events=ApplicationEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    deadline=offer_deadline,
    indexes=("exhibition", "enterprise", "status", "decision"),
)
