"""The steps of random journeys of an application and an exhibition, and the table of states."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from services.registration.domain.application.attendance import (
    CorrectAttendance,
    RecordAttendance,
    correct_attendance,
    record_attendance,
)
from services.registration.domain.application.check_in import (
    CheckInFacts,
    CheckInParticipant,
    UndoCheckIn,
    check_in_participant,
    undo_check_in,
)
from services.registration.domain.application.closing import CloseApplication
from services.registration.domain.application.correction import (
    ExpireCorrection,
    RequestCorrection,
    ResubmitApplication,
    request_correction,
    resubmit_application,
)
from services.registration.domain.application.freezing import SubmissionFacts
from services.registration.domain.application.participations import (
    AcceptanceFacts,
    ParticipationFacts,
)
from services.registration.domain.application.place import (
    AcceptOffer,
    ConfirmParticipation,
    DeclineOffer,
    ExpireOffer,
    LapseApplication,
    ReceiveOffer,
    accept_offer,
)
from services.registration.domain.application.renewal import ExpireRenewal, RescheduleApplication
from services.registration.domain.application.state import ExhibitionFacts
from services.registration.domain.application.submission import (
    ReviseApplication,
    WithdrawApplication,
    revise_application,
    withdraw_application,
)
from services.registration.domain.application.verification import (
    FindingsFacts,
    RecordFindings,
    VerificationFacts,
    VerifyApplication,
    record_findings,
    verify_application,
)
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.calendar import jakarta_date
from shared.contracts.registration.application_codes import (
    ClosingResult,
    CorrectionField,
    Finding,
    FindingCode,
    WithdrawalCode,
)
from shared.kernel.decider import Origin
from tests.given import NOW
from tests.registration.examples import (
    APPLICATION,
    CALLING,
    ENDS_ON,
    EXHIBITION,
    IUMK,
    LATEST_AT,
    REGISTERED,
    STARTS_ON,
    enterprise_after,
    exhibition_after,
)
from tests.registration.rule_sets import RULES
from tests.relations import RELATION_KEYS

NO_OTHERS = ParticipationFacts(applications=())
ROOM = AcceptanceFacts(participations=NO_OTHERS, places_max=3, slot=1)
STANDING = VerificationFacts(
    exhibition=ExhibitionStatus.CALL_CLOSED,
    last_day=ENDS_ON,
    enterprise=enterprise_after(REGISTERED),
    participations=NO_OTHERS,
    rule_set=RULES,
)
OPEN_CALL = SubmissionFacts(
    exhibition=exhibition_after(*CALLING),
    enterprise=enterprise_after(REGISTERED),
    participations=NO_OTHERS,
    documents={},
    rule_set=RULES,
    relation_keys=RELATION_KEYS,
)
HELD = ExhibitionFacts(exhibition=ExhibitionStatus.RUNNING)
SHOWN = CheckInFacts(
    exhibition=HELD, starts_on=jakarta_date(NOW), ends_on=date(2018, 12, 31), booth="A-12"
)
OWNER = "owner"
OFFER_TIME = timedelta(hours=72)
OFFER = ReceiveOffer(deadline_at=NOW + OFFER_TIME, offer_hours=72, latest_at=LATEST_AT)
SUBJECTS = {"application": APPLICATION, "exhibition": EXHIBITION}

SUCCESSORS = {
    "SUBMITTED": {"SUBMITTED", "NEEDS_CORRECTION", "ELIGIBLE", "INELIGIBLE", "WITHDRAWN", "CLOSED"},
    "NEEDS_CORRECTION": {
        "NEEDS_CORRECTION",
        "SUBMITTED",
        "ELIGIBLE",
        "INELIGIBLE",
        "WITHDRAWN",
        "CLOSED",
    },
    "ELIGIBLE": {"ELIGIBLE", "OFFERED", "WITHDRAWN", "LAPSED", "CLOSED"},
    "OFFERED": {"OFFERED", "ACCEPTED", "DECLINED", "OFFER_EXPIRED", "WITHDRAWN", "LAPSED"},
    "ACCEPTED": {"ACCEPTED", "CONFIRMED", "WITHDRAWN", "LAPSED"},
    "CONFIRMED": {"CONFIRMED", "ATTENDED", "ABSENT", "WITHDRAWN", "LAPSED"},
    "ATTENDED": {"ATTENDED", "ABSENT", "CONFIRMED"},
    "ABSENT": {"ABSENT", "ATTENDED"},
    "PROPOSED": {"PLANNED", "CANCELLED"},
    "PLANNED": {"PLANNED", "CALL_OPEN", "CANCELLED"},
    "CALL_OPEN": {"CALL_OPEN", "CALL_CLOSED", "CANCELLED"},
    "CALL_CLOSED": {"CALL_CLOSED", "VERIFIED", "CANCELLED"},
    "VERIFIED": {"VERIFIED", "DECREED", "CANCELLED"},
    "DECREED": {"DECREED", "RUNNING", "CANCELLED"},
    "RUNNING": {"ENDED"},
    "ENDED": {"REPORTED"},
}


NO_PHOTOGRAPHS = FindingsFacts(photographs=frozenset())


@dataclass(frozen=True, kw_only=True)
class Step:
    """A command with its rule and facts, its origin, and the time since the step before."""

    command: Any
    rule: Any = None
    facts: object = None
    origin: Origin = Origin.PERSON
    actor: str = "tester"
    after: timedelta = field(default=timedelta(hours=1))


APPLICATION_STEPS: list[Step] = [
    Step(
        command=RequestCorrection(fields=(CorrectionField.DOCUMENTS,), reason="blurred"),
        rule=request_correction,
        facts=STANDING,
    ),
    Step(
        command=ResubmitApplication(capacity=7),
        rule=resubmit_application,
        facts=OPEN_CALL,
        actor=OWNER,
    ),
    Step(command=VerifyApplication(), rule=verify_application, facts=STANDING),
    Step(command=AcceptOffer(), rule=accept_offer, facts=ROOM, actor=OWNER),
    Step(command=DeclineOffer(), actor=OWNER),
    Step(
        command=WithdrawApplication(code=WithdrawalCode.OTHER, reason="too busy"),
        rule=withdraw_application,
        facts=ExhibitionFacts(exhibition=ExhibitionStatus.VERIFIED),
        actor=OWNER,
    ),
    Step(command=RecordAttendance(present=True), rule=record_attendance, facts=HELD),
    Step(command=RecordAttendance(present=False), rule=record_attendance, facts=HELD),
    Step(
        command=ReceiveOffer(deadline_at=NOW + OFFER_TIME, offer_hours=72, latest_at=LATEST_AT),
        origin=Origin.REACTION,
    ),
    Step(command=ConfirmParticipation(), origin=Origin.REACTION),
    Step(command=LapseApplication(reason="no-funds"), origin=Origin.REACTION),
    Step(command=ExpireOffer(), origin=Origin.SWEEP),
    Step(command=CloseApplication(result=ClosingResult.CANCELLED), origin=Origin.REACTION),
    Step(command=ExpireOffer(), origin=Origin.SWEEP, after=OFFER_TIME),
    Step(command=ExpireCorrection(), origin=Origin.SWEEP),
    Step(command=ExpireCorrection(), origin=Origin.SWEEP, after=timedelta(days=8)),
    Step(
        command=CorrectAttendance(present=False, reason="mistaken"),
        rule=correct_attendance,
        facts=HELD,
        actor="another",
    ),
    Step(
        command=CorrectAttendance(present=True, reason="mistaken"),
        rule=correct_attendance,
        facts=HELD,
    ),
    Step(
        command=ReviseApplication(capacity=8),
        rule=revise_application,
        facts=OPEN_CALL,
        actor=OWNER,
    ),
    Step(
        command=RecordFindings(findings=(), reason="all is there"),
        rule=record_findings,
        facts=NO_PHOTOGRAPHS,
    ),
    Step(
        command=RecordFindings(
            findings=(Finding(document=IUMK.document, code=FindingCode.NOT_LEGIBLE),),
            reason="blurred",
        ),
        rule=record_findings,
        facts=NO_PHOTOGRAPHS,
    ),
    Step(
        command=RescheduleApplication(starts_on=STARTS_ON, ends_on=ENDS_ON),
        origin=Origin.REACTION,
    ),
    Step(command=ExpireRenewal(), origin=Origin.SWEEP, after=timedelta(days=15)),
    Step(command=CheckInParticipant(check_in_code="x"), rule=check_in_participant, facts=SHOWN),
    Step(
        command=UndoCheckIn(day=jakarta_date(NOW), reason="another badge"),
        rule=undo_check_in,
        facts=HELD,
        actor="another",
    ),
]
STRAIGHT_APPLICATION = [2, 8, 3, 9, 6]
