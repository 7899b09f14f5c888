"""The rules of the open call: its terms are frozen, it closes by itself, all are verified."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pydantic import TypeAdapter, ValidationError

from services.registration.domain.exhibition.call import (
    CLOSING_GRACE,
    CallFacts,
    CloseCall,
    CloseVerification,
    ClosureFacts,
    OpenCall,
    call_deadline,
    close_verification,
    open_call,
)
from services.registration.domain.exhibition.decider import exhibition
from shared.contracts.event import Event
from shared.contracts.registration.document import DocumentKind
from shared.contracts.registration.exhibition import (
    CancellationCode,
    ExhibitionCancelled,
    VerificationClosed,
)
from shared.contracts.registration.rule_set import RetirementCode, Standard, StandardsCondition
from shared.contracts.words import Scope
from shared.kernel.decider import Deadline, Origin
from tests.given import NOW, When, given
from tests.registration.examples import (
    CALLED,
    CALLING,
    CLOSED,
    CLOSES_AT,
    EXHIBITION,
    EXHIBITION_FIELDS,
    OPENED,
    PLANNING,
    PROPOSED,
    SELECTING,
    exhibition_after,
)
from tests.registration.rule_sets import RULES, RULES_OF_2018, RULES_OF_TODAY, rule_set_of

OPEN = OpenCall(
    closes_at=CLOSES_AT,
    rule_set=RULES_OF_2018,
    requirements=("licence", "capacity"),
    rubric="rubric-2018",
)
FACTS = CallFacts(thresholds={Scope.DOMESTIC: 6_000, Scope.OVERSEAS: 7_000}, rule_set=RULES)
NO_APPLICATIONS = ClosureFacts(undecided=0, eligible=())
CANCELLED = ExhibitionCancelled(
    code=CancellationCode.FORCE_MAJEURE, reason="flood", **EXHIBITION_FIELDS
)
MIDNIGHT_OF_THE_FIRST_DAY = datetime(2018, 4, 24, 17, 0, tzinfo=UTC)


def opening(command: OpenCall, *past: Event, facts: CallFacts = FACTS) -> When:
    return given(exhibition, *past).when(command, rule=open_call, facts=facts, subject=EXHIBITION)


def closing(*past: Event, facts: ClosureFacts = NO_APPLICATIONS) -> When:
    command = CloseVerification()
    return given(exhibition, *past).when(
        command, rule=close_verification, facts=facts, subject=EXHIBITION
    )


def swept(now: datetime, *past: Event) -> When:
    return given(exhibition, *past).when(
        CloseCall(), subject=EXHIBITION, origin=Origin.SWEEP, now=now
    )


def test_a_call_freezes_its_terms_with_the_threshold_of_its_scope() -> None:
    opening(OPEN, *PLANNING).then(OPENED)


def test_the_closing_time_is_published_in_utc() -> None:
    jakarta = CLOSES_AT.astimezone(timezone(timedelta(hours=7)))
    (event,) = opening(replace(OPEN, closes_at=jakarta), *PLANNING).events()
    assert '"closes_at":"2018-03-01T16:59:59Z"' in event.public_json()


@pytest.mark.parametrize("past", [(PROPOSED,), CALLING, (*PLANNING, CANCELLED)])
def test_a_call_is_opened_once_for_a_planned_exhibition(past: tuple[Event, ...]) -> None:
    opening(OPEN, *past).refused("not-planned")


def test_a_call_closes_later_than_now() -> None:
    opening(replace(OPEN, closes_at=NOW), *PLANNING).refused("closes-in-the-past")


def test_a_call_closes_before_the_first_day_begins_in_jakarta() -> None:
    last = MIDNIGHT_OF_THE_FIRST_DAY - timedelta(milliseconds=1)
    (event,) = opening(replace(OPEN, closes_at=last), *PLANNING).events()
    assert event == OPENED.model_copy(update={"closes_at": last})
    late = replace(OPEN, closes_at=MIDNIGHT_OF_THE_FIRST_DAY)
    opening(late, *PLANNING).refused("closes-too-late")
    never = replace(OPEN, closes_at=datetime.max.replace(tzinfo=UTC))
    opening(never, *PLANNING).refused("closes-too-late")


def test_a_requirement_is_named_once() -> None:
    twice = replace(OPEN, requirements=("halal", "halal"))
    opening(twice, *PLANNING).refused("duplicate-requirement")


def test_a_call_requires_only_optional_rules_of_its_rule_set() -> None:
    for code in ("sector", "beauty"):
        strange = replace(OPEN, requirements=("licence", code))
        opening(strange, *PLANNING).refused("unknown-requirement", code)


def test_a_call_freezes_its_standards_if_the_rule_set_checks_them() -> None:
    standard = Standard(one_of=(DocumentKind.ISO, DocumentKind.HACCP), sectors=("10",))
    demanding = replace(OPEN, standards=(standard,))
    opening(demanding, *PLANNING).then(OPENED.model_copy(update={"standards": (standard,)}))
    others = tuple(
        rule for rule in RULES.rules if not isinstance(rule.condition, StandardsCondition)
    )
    facts = replace(FACTS, rule_set=replace(RULES, rules=others))
    opening(demanding, *PLANNING, facts=facts).refused("standards-not-checked")
    opening(OPEN, *PLANNING, facts=facts).then(OPENED)


def test_the_rule_set_is_in_force_when_the_call_closes() -> None:
    for rules in (
        rule_set_of(RULES_OF_TODAY),
        replace(RULES, in_force_from=date(2018, 3, 2)),
        replace(RULES, in_force_through=date(2018, 2, 28)),
    ):
        facts = replace(FACTS, rule_set=rules)
        opening(OPEN, *PLANNING, facts=facts).refused("rule-set-not-in-force")
    day = date(2018, 3, 1)
    facts = replace(FACTS, rule_set=replace(RULES, in_force_from=day, in_force_through=day))
    opening(OPEN, *PLANNING, facts=facts).then(OPENED)


def test_no_call_names_a_retired_rule_set() -> None:
    retired = replace(RULES, retired_because=RetirementCode.MISTAKEN)
    facts = replace(FACTS, rule_set=retired)
    opening(OPEN, *PLANNING, facts=facts).refused("rule-set-retired")


def test_a_rubric_without_a_threshold_for_the_scope_is_refused() -> None:
    overseas = replace(FACTS, thresholds={Scope.OVERSEAS: 7_000})
    opening(OPEN, *PLANNING, facts=overseas).refused("no-threshold")


@pytest.mark.parametrize(
    "body",
    [
        {"closes_at": "2018-03-01T16:59:59"},
        {"sheets_min": 2},
        {"offer_hours": 0},
        {"requirements": ["a passport"]},
        {"standards": [{"one_of": []}]},
    ],
)
def test_malformed_terms_are_no_body(body: dict[str, object]) -> None:
    good = {
        "closes_at": "2018-03-01T16:59:59Z",
        "rule_set": RULES_OF_2018,
        "requirements": [],
        "rubric": "rubric-2018",
    }
    TypeAdapter(OpenCall).validate_python(good)
    with pytest.raises(ValidationError):
        TypeAdapter(OpenCall).validate_python({**good, **body})


def test_an_open_call_closes_by_itself_a_grace_after_its_time() -> None:
    deadline = Deadline(at=CLOSES_AT + CLOSING_GRACE, command=CloseCall())
    assert call_deadline(exhibition_after(*CALLING)) == deadline
    swept(deadline.at, *CALLING).then(CLOSED)


def test_the_sweep_does_nothing_before_the_grace_is_over() -> None:
    swept(CLOSES_AT + CLOSING_GRACE - timedelta(milliseconds=1), *CALLING).then()


@pytest.mark.parametrize("past", [CALLED, (*CALLING, CANCELLED), ()])
def test_a_call_that_is_not_open_is_not_swept_again(past: tuple[Event, ...]) -> None:
    swept(CLOSES_AT + CLOSING_GRACE, *past).then()
    assert call_deadline(given(exhibition, *past).state) is None


def test_no_person_closes_a_call_before_its_time() -> None:
    given(exhibition, *CALLING).when(CloseCall(), subject=EXHIBITION).refused("not-yet")
    given(exhibition, *CALLED).when(CloseCall(), subject=EXHIBITION).refused("call-not-open")


def test_the_eligible_are_listed_in_order_once_all_are_decided() -> None:
    facts = ClosureFacts(undecided=0, eligible=(f"{EXHIBITION}.b", f"{EXHIBITION}.a"))
    listed = VerificationClosed(
        eligible=(f"{EXHIBITION}.a", f"{EXHIBITION}.b"), **EXHIBITION_FIELDS
    )
    closing(*CALLED, facts=facts).then(listed)


def test_verification_stays_open_while_an_application_is_undecided() -> None:
    facts = ClosureFacts(undecided=1, eligible=())
    closing(*CALLED, facts=facts).refused("undecided-applications")


@pytest.mark.parametrize("past", [CALLING, SELECTING, (*CALLED, CANCELLED)])
def test_verification_is_closed_once_after_the_call(past: tuple[Event, ...]) -> None:
    closing(*past).refused("call-not-closed")
