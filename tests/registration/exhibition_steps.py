"""The steps of random journeys of an exhibition."""

from datetime import timedelta

from services.registration.domain.exhibition.call import (
    CallFacts,
    CloseCall,
    CloseVerification,
    ClosureFacts,
    OpenCall,
    close_verification,
    open_call,
)
from services.registration.domain.exhibition.holding import (
    DecreeExhibition,
    EndExhibition,
    OpenExhibition,
    ReportExhibition,
    ReportFacts,
    report_exhibition,
)
from services.registration.domain.exhibition.planning import (
    CancelExhibition,
    CancellationFacts,
    PlanExhibition,
    cancel_exhibition,
    plan_exhibition,
)
from services.registration.domain.exhibition.rescheduling import (
    RescheduleExhibition,
    ReschedulingFacts,
    reschedule_exhibition,
)
from shared.contracts.registration.exhibition import CancellationCode, ReschedulingCode
from shared.contracts.words import Scope
from shared.kernel.decider import Origin
from tests.registration.examples import (
    APPLICATION,
    CLOSES_AT,
    ENDS_ON,
    STARTS_ON,
)
from tests.registration.rule_sets import POLICY, RULES, RULES_OF_2018
from tests.registration.steps import Step

CANCEL = CancelExhibition(code=CancellationCode.FORCE_MAJEURE, reason="flood")
RESCHEDULE = RescheduleExhibition(
    code=ReschedulingCode.VENUE,
    reason="no hall",
    starts_on=STARTS_ON + timedelta(days=1),
    ends_on=ENDS_ON,
)

EXHIBITION_STEPS: list[Step] = [
    Step(
        command=PlanExhibition(venue="JCC", starts_on=STARTS_ON, ends_on=ENDS_ON, places=15),
        rule=plan_exhibition,
        facts=POLICY,
    ),
    Step(
        command=OpenCall(
            closes_at=CLOSES_AT, rule_set=RULES_OF_2018, requirements=(), rubric="r-1"
        ),
        rule=open_call,
        facts=CallFacts(thresholds={Scope.DOMESTIC: 6_000}, rule_set=RULES),
    ),
    Step(command=CloseCall(), origin=Origin.SWEEP),
    Step(command=CloseCall(), origin=Origin.SWEEP, after=timedelta(days=30)),
    Step(
        command=CloseVerification(),
        rule=close_verification,
        facts=ClosureFacts(undecided=0, eligible=(APPLICATION,)),
    ),
    Step(
        command=CloseVerification(),
        rule=close_verification,
        facts=ClosureFacts(undecided=1, eligible=()),
    ),
    Step(command=DecreeExhibition(number="SK-1"), origin=Origin.REACTION),
    Step(command=OpenExhibition(), after=timedelta(days=54)),
    Step(command=EndExhibition(), after=timedelta(days=5)),
    Step(
        command=ReportExhibition(report="LAP-1", signed_on=ENDS_ON),
        rule=report_exhibition,
        facts=ReportFacts(unrecorded=0, policy=POLICY),
    ),
    Step(
        command=ReportExhibition(report="LAP-1", signed_on=ENDS_ON),
        rule=report_exhibition,
        facts=ReportFacts(unrecorded=1, policy=POLICY),
    ),
    Step(command=CANCEL, rule=cancel_exhibition, facts=CancellationFacts(waiting=())),
    Step(
        command=RESCHEDULE,
        rule=reschedule_exhibition,
        facts=ReschedulingFacts(live=(APPLICATION,)),
    ),
]
STRAIGHT_EXHIBITION = [0, 1, 3, 4, 6, 7, 8, 9]
