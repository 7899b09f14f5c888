"""The application (id = EXHIBITION.ENTERPRISE): an enterprise's request for a place.

This module lists the commands and passes each of them that needs no facts to its rule in
`correction`, `renewal`, `commitment`, `closing` or `place`. The routes name the rules of the other
commands, in `submission`, `correction`, `renewal`, `verification`, `place`, `commitment`,
`attendance`, `check_in` and `services.registration.domain.draft`. `fold` folds the events into the
state.
"""

from collections.abc import Sequence
from typing import assert_never

from services.registration.domain.application.attendance import (
    CorrectAttendance,
    RecordAttendance,
)
from services.registration.domain.application.check_in import (
    CheckInParticipant,
    UndoCheckIn,
)
from services.registration.domain.application.closing import (
    CloseApplication,
    close_application,
    closing_deadline,
)
from services.registration.domain.application.commitment import (
    DeliverCommitment,
    ExpireCommitment,
    ReturnCommitment,
    commitment_deadline,
    expire_commitment,
)
from services.registration.domain.application.correction import (
    ExpireCorrection,
    RequestCorrection,
    ResubmitApplication,
    correction_deadline,
    expire_correction,
)
from services.registration.domain.application.fold import evolve
from services.registration.domain.application.participations import may_claim_slot, slot_claims
from services.registration.domain.application.place import (
    AcceptOffer,
    ConfirmParticipation,
    DeclineOffer,
    ExpireOffer,
    LapseApplication,
    ReceiveOffer,
    decide_place,
    offer_deadline,
)
from services.registration.domain.application.renewal import (
    ExpireRenewal,
    RenewDocuments,
    RescheduleApplication,
    expire_renewal,
    renewal_deadline,
    reschedule_application,
)
from services.registration.domain.application.state import Application
from services.registration.domain.application.submission import (
    ReviseApplication,
    SubmitApplication,
    SubmitDraft,
    WithdrawApplication,
)
from services.registration.domain.application.verification import (
    RecordFindings,
    VerifyApplication,
)
from shared.contracts.registration.application import ApplicationEvent
from shared.kernel.decider import Context, Deadline, Decider, absent

CommandWithoutFacts = (
    ExpireCorrection
    | ReceiveOffer
    | DeclineOffer
    | ExpireOffer
    | ConfirmParticipation
    | LapseApplication
    | CloseApplication
    | RescheduleApplication
    | ExpireRenewal
    | ExpireCommitment
)
"""The commands that `decide` handles; the routes name the rules of the other commands."""

ApplicationCommand = (
    CommandWithoutFacts
    | RecordFindings
    | SubmitApplication
    | SubmitDraft
    | ReviseApplication
    | RequestCorrection
    | ResubmitApplication
    | RenewDocuments
    | VerifyApplication
    | WithdrawApplication
    | AcceptOffer
    | DeliverCommitment
    | ReturnCommitment
    | RecordAttendance
    | CorrectAttendance
    | CheckInParticipant
    | UndoCheckIn
)

# Rules


def decide(
    command: CommandWithoutFacts, state: Application | None, context: Context
) -> Sequence[ApplicationEvent]:
    """Decide a command that needs no facts, about an application that was submitted."""
    if state is None:
        return absent(context, "application")
    match command:
        case CloseApplication():
            return close_application(command, state, context)
        case RescheduleApplication():
            return reschedule_application(command, state, context)
        case ExpireCorrection() | ExpireRenewal() | ExpireCommitment():
            return _expire(command, state, context)
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


def _expire(
    command: ExpireCorrection | ExpireRenewal | ExpireCommitment,
    state: Application,
    context: Context,
) -> Sequence[ApplicationEvent]:
    match command:
        case ExpireCorrection():
            return expire_correction(state, context)
        case ExpireRenewal():
            return expire_renewal(state, context)
        case ExpireCommitment():
            return expire_commitment(state, context)
        case _:
            assert_never(command)


def deadlines(state: Application | None) -> Sequence[Deadline | None]:
    """Return the deadlines of what is awaited: an act of the applicant, or a decision."""
    if state is None:
        return ()
    return (
        correction_deadline(state),
        offer_deadline(state),
        renewal_deadline(state),
        commitment_deadline(state),
        closing_deadline(state),
    )


PROGRAMME = "applicant.programme"
"""The field by which the applications of a programme are found."""

CHECK_IN_DAY = "check_ins.day"
"""The field by which those are found who were checked in on a day."""

COACHING = "coaching_province"
"""The field by which the applicants are found whom a province can help."""

application = Decider(
    kind="application",
    commands=ApplicationCommand,
    state=Application | None,
    events=ApplicationEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    deadlines=deadlines,
    claims=slot_claims,
    may_claim=may_claim_slot,
    indexes=(
        *("exhibition", "enterprise", "status", "decision", PROGRAMME, "contested", COACHING),
        CHECK_IN_DAY,
    ),
    orders=(
        ("submitted_at",),
        *((name, "submitted_at") for name in ("exhibition", "enterprise", "status", COACHING)),
        *((name, "deadline_at") for name in ("exhibition", "status")),
    ),
    revision=9,
)
