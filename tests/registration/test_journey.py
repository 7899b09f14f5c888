"""Random journeys of an application and an exhibition: no journey leaves the table of states.

Persons, reactions and the sweep send any command at any time. In every order, reactions and the
sweep are never refused, each status follows a status that `SUCCESSORS` allows, the history folds to
the state, and the state is equal after it was stored and read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.registration.domain.application.decider import application
from services.registration.domain.application.participation_cap import ParticipationFacts
from services.registration.domain.application.place import (
    AcceptOffer,
    AttendanceFacts,
    ConfirmParticipation,
    DeclineOffer,
    ExpireOffer,
    LapseApplication,
    ReceiveOffer,
    RecordAttendance,
    accept_offer,
    record_attendance,
)
from services.registration.domain.application.state import UNDECIDED, Application, Decision
from services.registration.domain.application.submission import (
    RequestCorrection,
    ResubmissionFacts,
    ResubmitApplication,
    WithdrawApplication,
    resubmit_application,
)
from services.registration.domain.application.verification import (
    VerifyApplication,
    verify_application,
)
from services.registration.domain.exhibition.call import (
    CallFacts,
    CloseCall,
    CloseVerification,
    ClosureFacts,
    OpenCall,
    close_verification,
    open_call,
)
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.holding import (
    DecreeExhibition,
    EndExhibition,
    OpenExhibition,
    ReportExhibition,
)
from services.registration.domain.exhibition.planning import (
    CancelExhibition,
    PlanExhibition,
    cancel_exhibition,
)
from services.registration.domain.exhibition.state import Exhibition
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.words import Scope
from shared.kernel.decider import Decider, Origin, Refused, decide_command
from tests.given import NOW, context
from tests.given import given as past
from tests.registration.examples import (
    APPLICATION,
    CLOSES_AT,
    ENDS_ON,
    EXHIBITION,
    PROPOSED,
    STARTS_ON,
    SUBMITTED,
)

NO_OTHERS = ParticipationFacts(applications=())
HELD = AttendanceFacts(exhibition=ExhibitionStatus.RUNNING)
OFFER_TIME = timedelta(hours=72)
SUBJECTS = {"application": APPLICATION, "exhibition": EXHIBITION}

SUCCESSORS = {
    "SUBMITTED": {"NEEDS_CORRECTION", "ELIGIBLE", "INELIGIBLE", "WITHDRAWN"},
    "NEEDS_CORRECTION": {"SUBMITTED", "WITHDRAWN"},
    "ELIGIBLE": {"OFFERED", "WITHDRAWN", "LAPSED"},
    "OFFERED": {"ACCEPTED", "DECLINED", "OFFER_EXPIRED", "WITHDRAWN", "LAPSED"},
    "ACCEPTED": {"CONFIRMED", "WITHDRAWN", "LAPSED"},
    "CONFIRMED": {"ATTENDED", "ABSENT", "WITHDRAWN", "LAPSED"},
    "ATTENDED": {"ATTENDED"},
    "PROPOSED": {"PLANNED", "CANCELLED"},
    "PLANNED": {"CALL_OPEN", "CANCELLED"},
    "CALL_OPEN": {"CALL_CLOSED", "CANCELLED"},
    "CALL_CLOSED": {"VERIFIED", "CANCELLED"},
    "VERIFIED": {"DECREED", "CANCELLED"},
    "DECREED": {"RUNNING", "CANCELLED"},
    "RUNNING": {"ENDED"},
    "ENDED": {"REPORTED"},
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """A command with its rule and facts, its origin, and the time since the step before."""

    command: Any
    rule: Any = None
    facts: object = None
    origin: Origin = Origin.PERSON
    after: timedelta = field(default=timedelta(hours=1))


APPLICATION_STEPS: list[Step] = [
    Step(command=RequestCorrection(reason="blurred")),
    Step(
        command=ResubmitApplication(capacity=7),
        rule=resubmit_application,
        facts=ResubmissionFacts(documents=()),
    ),
    Step(command=VerifyApplication(), rule=verify_application, facts=NO_OTHERS),
    Step(command=AcceptOffer(), rule=accept_offer, facts=NO_OTHERS),
    Step(command=DeclineOffer()),
    Step(command=WithdrawApplication(reason="too busy")),
    Step(command=RecordAttendance(present=True), rule=record_attendance, facts=HELD),
    Step(command=RecordAttendance(present=False), rule=record_attendance, facts=HELD),
    Step(command=ReceiveOffer(deadline_at=NOW + OFFER_TIME), origin=Origin.REACTION),
    Step(command=ConfirmParticipation(), origin=Origin.REACTION),
    Step(command=LapseApplication(reason="no-funds"), origin=Origin.REACTION),
    Step(command=ExpireOffer(), origin=Origin.SWEEP),
    Step(command=ExpireOffer(), origin=Origin.SWEEP, after=OFFER_TIME),
]

EXHIBITION_STEPS: list[Step] = [
    Step(command=PlanExhibition(venue="JCC", starts_on=STARTS_ON, ends_on=ENDS_ON, places=15)),
    Step(
        command=OpenCall(closes_at=CLOSES_AT, requirements=(), rubric="r-1"),
        rule=open_call,
        facts=CallFacts(thresholds={Scope.DOMESTIC: 6_000}),
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
    Step(command=OpenExhibition(), after=timedelta(days=60)),
    Step(command=EndExhibition()),
    Step(command=ReportExhibition(report="LAP-1")),
    Step(command=CancelExhibition(reason="flood"), rule=cancel_exhibition),
]

STRAIGHT_APPLICATION = [2, 8, 3, 9, 6]
STRAIGHT_EXHIBITION = [0, 1, 3, 4, 6, 7, 8, 9]


def journeys(steps: Sequence[Step], likely: Sequence[int]) -> st.SearchStrategy[list[Step]]:
    """Return random steps after some steps of the straight path, so that runs reach its end."""
    straight = st.integers(min_value=0, max_value=len(likely)).map(
        lambda length: [steps[item] for item in likely[:length]]
    )
    wild = st.lists(st.sampled_from(steps), max_size=12)
    return st.tuples(straight, wild).map(lambda parts: parts[0] + parts[1])


def walk(decider: Decider[Any, Any, Any], first: Any, steps: Sequence[Step]) -> list[Any]:
    """Return the states of a journey; only persons are refused, and a refusal changes nothing."""
    subject = SUBJECTS[decider.kind]
    history, state, now = [first], decider.evolve(decider.initial, first), NOW
    states = [state]
    for step in steps:
        now += step.after
        circumstances = replace(context(), origin=step.origin, now=now, subject=subject)
        try:
            events = decide_command(
                decider, step.command, state, circumstances, rule=step.rule, facts=step.facts
            )
        except Refused:
            assert step.origin is Origin.PERSON, f"{step} was refused in {state.status}"
            continue
        for event in events:
            state = decider.evolve(state, event)
            history.append(event)
            states.append(state)
    assert past(decider, *history).state == state
    return states


def keeps_to_the_table(states: Sequence[Any]) -> None:
    for before, after in pairwise(states):
        assert after.status in SUCCESSORS[before.status], f"{before.status} -> {after.status}"


def is_stored_whole(kind: Any, state: object) -> None:
    stored: TypeAdapter[Any] = TypeAdapter(kind)
    assert stored.validate_python(stored.dump_python(state, mode="json")) == state


@settings(max_examples=300)
@given(journeys(APPLICATION_STEPS, likely=STRAIGHT_APPLICATION))
def test_an_application_never_leaves_its_table(steps: list[Step]) -> None:
    states: list[Application] = walk(application, SUBMITTED, steps)
    keeps_to_the_table(states)
    is_stored_whole(Application, states[-1])
    for state in states:
        assert (state.decision is Decision.PENDING) == (state.status in UNDECIDED)
        assert (application.deadline(state) is not None) == (state.status == "OFFERED")


@settings(max_examples=300)
@given(journeys(EXHIBITION_STEPS, likely=STRAIGHT_EXHIBITION))
def test_an_exhibition_never_leaves_its_table(steps: list[Step]) -> None:
    states: list[Exhibition] = walk(exhibition, PROPOSED, steps)
    keeps_to_the_table(states)
    is_stored_whole(Exhibition, states[-1])
    for state in states:
        assert (exhibition.deadline(state) is not None) == (state.status == "CALL_OPEN")


def end_of(decider: Decider[Any, Any, Any], first: Any, steps: Sequence[Step]) -> str:
    status: str = walk(decider, first, steps)[-1].status
    return status


NEEDS_AGGREGATE = [
    (decider, step, code)
    for decider, steps, code in (
        (application, APPLICATION_STEPS, "not-submitted"),
        (exhibition, EXHIBITION_STEPS, "not-proposed"),
    )
    for step in steps
]


@pytest.mark.parametrize(("decider", "step", "code"), NEEDS_AGGREGATE)
def test_an_absent_aggregate_refuses_persons_and_ignores_reactions_and_the_sweep(
    decider: Decider[Any, Any, Any], step: Step, code: str
) -> None:
    decision = past(decider).when(
        step.command, rule=step.rule, facts=step.facts, origin=step.origin
    )
    if step.origin is Origin.PERSON:
        decision.refused(code)
    else:
        decision.then()


def test_the_straight_paths_reach_their_ends() -> None:
    attended = [APPLICATION_STEPS[item] for item in STRAIGHT_APPLICATION]
    reported = [EXHIBITION_STEPS[item] for item in STRAIGHT_EXHIBITION]
    assert end_of(application, SUBMITTED, attended) == "ATTENDED"
    assert end_of(exhibition, PROPOSED, reported) == "REPORTED"
