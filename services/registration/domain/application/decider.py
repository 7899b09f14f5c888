"""Application (Permohonan, id = EXHIBITION.ENTERPRISE): its commands, and the rules without facts.

Submission, verification, acceptance and attendance need facts: the routes name their rules, in
`submission`, `verification` and `place`.
"""

from collections.abc import Sequence

from services.registration.domain.application.place import (
    AcceptOffer,
    PlaceCommand,
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

CommandWithoutFacts = RequestCorrection | WithdrawApplication | PlaceCommand
"""The commands that `decide` handles; the routes name the rules of the other commands."""

ApplicationCommand = (
    CommandWithoutFacts
    | SubmitApplication
    | ResubmitApplication
    | VerifyApplication
    | AcceptOffer
    | RecordAttendance
)


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
        case _:
            return decide_place(command, state, context)


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
