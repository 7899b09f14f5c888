"""Application (Permohonan, id = EXHIBITION.ENTERPRISE): one of an enterprise for an exhibition.

This module is the door: it tells the commands apart. What they do is in `submission`,
`verification` and `place`; what is kept of it, in `application_record`.
"""

from collections.abc import Sequence
from typing import assert_never

from services.registration.domain.application_record import Application, evolve
from services.registration.domain.place import (
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
from services.registration.domain.submission import (
    RequestCorrection,
    ResubmitApplication,
    SubmitApplication,
    WithdrawApplication,
    decide_submission,
    submit,
)
from services.registration.domain.verification import (
    VerificationFacts,
    VerifyApplication,
    verify,
)
from shared.contracts.registration.application import ApplicationEvent
from shared.kernel.decider import Context, Decider, given_facts, refuse_or_ignore

ApplicationCommand = (
    SubmitApplication
    | RequestCorrection
    | ResubmitApplication
    | VerifyApplication
    | ReceiveOffer
    | AcceptOffer
    | DeclineOffer
    | ExpireOffer
    | ConfirmParticipation
    | WithdrawApplication
    | LapseApplication
    | RecordAttendance
)


def decide(
    command: ApplicationCommand, facts: object, state: Application | None, context: Context
) -> Sequence[ApplicationEvent]:
    """Everything but a submission needs an application that is in."""
    match command:
        case SubmitApplication():
            return submit(command, facts, state, context)
        case _ if state is None:
            return refuse_or_ignore(context, "not-submitted", "There is no such application.")
        case RequestCorrection() | ResubmitApplication() | WithdrawApplication():
            return decide_submission(command, facts, state, context)
        case VerifyApplication():
            return verify(given_facts(VerificationFacts, facts), state)
        case (
            ReceiveOffer()
            | AcceptOffer()
            | DeclineOffer()
            | ExpireOffer()
            | ConfirmParticipation()
            | LapseApplication()
            | RecordAttendance()
        ):
            return decide_place(command, facts, state, context)
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
