"""The policy on exhibitions overseas: it advises, and once it is in force it refuses or marks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given as over
from hypothesis import strategies as st

from services.registration.api.overseas_policy import overseas_policy
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.holding import (
    ReportExhibition,
    ReportFacts,
    report_exhibition,
)
from services.registration.domain.exhibition.overseas_policy import (
    AdviceCode,
    advice_of,
    last_day_to_plan,
    last_day_to_report,
)
from services.registration.domain.exhibition.planning import PlanExhibition, plan_exhibition
from shared.contracts.event import Event
from shared.contracts.registration.exhibition import ExhibitionPlanned, ExhibitionReported
from shared.contracts.words import Scope
from shared.settings import Settings
from tests.given import When, given
from tests.registration.examples import (
    ENDED,
    ENDS_ON,
    EXHIBITION,
    EXHIBITION_FIELDS,
    HOLDING,
    PLANNED,
    PROPOSED,
    STARTS_ON,
)
from tests.registration.registry import EXHIBITION_PATH, PLAN, PLANNER, PROPOSAL, Registry
from tests.registration.rule_sets import POLICY

TODAY = date(2018, 2, 1)
IN_FORCE = replace(POLICY, in_force_from=date(2017, 1, 1))
FROM_MARCH = replace(POLICY, in_force_from=date(2018, 3, 1))
PLANNING = PlanExhibition(venue="JCC", starts_on=STARTS_ON, ends_on=ENDS_ON, places=15)
LAST_DAY_TO_PLAN = date(2018, 1, 25)
LAST_DAY_TO_REPORT = date(2018, 5, 29)


def overseas(*events: Event) -> list[Event]:
    """Return these events of an exhibition overseas."""
    return [event.model_copy(update={"scope": Scope.OVERSEAS}) for event in events]


def planning(today: date, *, scope: Scope = Scope.OVERSEAS, policy: Any = IN_FORCE) -> When:
    """Plan the exhibition on this day."""
    proposed = PROPOSED.model_copy(update={"scope": scope})
    now = datetime(today.year, today.month, today.day, 3, tzinfo=UTC)
    return given(exhibition, proposed).when(
        PLANNING, rule=plan_exhibition, facts=policy, subject=EXHIBITION, now=now
    )


def reporting(signed_on: date, *, scope: Scope = Scope.OVERSEAS, policy: Any = IN_FORCE) -> When:
    """Report the exhibition by a report of this day."""
    ended = [each.model_copy(update={"scope": scope}) for each in (*HOLDING, ENDED)]
    return given(exhibition, *ended).when(
        ReportExhibition(report="LAP-1", signed_on=signed_on),
        rule=report_exhibition,
        facts=ReportFacts(unrecorded=0, policy=policy),
        subject=EXHIBITION,
        now=datetime(2018, 12, 1, 3, tzinfo=UTC),
    )


def test_it_is_planned_by_15_december_or_90_days_before() -> None:
    assert last_day_to_plan(POLICY, STARTS_ON) == LAST_DAY_TO_PLAN == STARTS_ON - timedelta(days=90)
    assert last_day_to_plan(POLICY, date(2018, 3, 1)) == date(2017, 12, 15)
    assert last_day_to_report(POLICY, ENDS_ON) == LAST_DAY_TO_REPORT


@over(st.dates())
def test_the_last_days_exist_for_each_exhibition(day: date) -> None:
    assert last_day_to_plan(POLICY, day) <= max(day, date(1, 12, 15))
    assert last_day_to_report(POLICY, day) >= day


def test_where_it_is_in_force_a_late_plan_is_refused() -> None:
    (planned,) = planning(LAST_DAY_TO_PLAN).events()
    assert isinstance(planned, ExhibitionPlanned)
    assert planned.planned_on == LAST_DAY_TO_PLAN
    late = planning(LAST_DAY_TO_PLAN + timedelta(days=1))
    late.refused("planned-too-late", "by 2018-01-25 (Permendag 14/2025, Pasal 8)")


def test_before_it_is_in_force_and_in_indonesia_a_late_plan_is_made() -> None:
    late = LAST_DAY_TO_PLAN + timedelta(days=1)
    for policy in (POLICY, FROM_MARCH, replace(IN_FORCE, in_force_through=date(2018, 1, 1))):
        assert planning(late, policy=policy).events()
    assert planning(late, scope=Scope.DOMESTIC).events()


def test_a_late_report_is_recorded_and_marked_where_it_is_in_force() -> None:
    fields = {**EXHIBITION_FIELDS, "scope": Scope.OVERSEAS}
    after = LAST_DAY_TO_REPORT + timedelta(days=1)
    in_time = ExhibitionReported(report="LAP-1", signed_on=LAST_DAY_TO_REPORT, **fields)
    late = ExhibitionReported(report="LAP-1", signed_on=after, late=True, **fields)
    reporting(LAST_DAY_TO_REPORT).then(in_time)
    reporting(after).then(late)
    reporting(after, policy=POLICY).then(late.model_copy(update={"late": False}))
    (domestic,) = reporting(after, scope=Scope.DOMESTIC).events()
    assert domestic == late.model_copy(update={"late": False, "scope": Scope.DOMESTIC})


def advised(*events: Event, policy: Any = POLICY) -> list[tuple[AdviceCode, bool, date | None]]:
    """Return code, force and last day of each advice after these events."""
    state = given(exhibition, *events).state
    advice = advice_of(policy, state, TODAY)
    assert all(each.text.id and each.document for each in advice)
    return [(each.code, each.in_force, each.due_on) for each in advice]


def test_it_advises_what_is_due_and_names_what_is_late() -> None:
    proposed, planned = overseas(PROPOSED, PLANNED)
    reported = ExhibitionReported(report="LAP-1", signed_on=date(2018, 6, 1), **EXHIBITION_FIELDS)
    plan_late = (AdviceCode.PLANNED_LATE, False, LAST_DAY_TO_PLAN)
    assert advised(proposed) == [(AdviceCode.PLAN_DUE, False, None)]
    assert advised(proposed, policy=IN_FORCE) == [(AdviceCode.PLAN_DUE, True, None)]
    assert advised(proposed, planned) == [plan_late]
    running = overseas(*HOLDING)
    due = (AdviceCode.REPORT_DUE, False, LAST_DAY_TO_REPORT)
    assert advised(*running) == [plan_late, due]
    assert advised(*running, *overseas(ENDED), policy=FROM_MARCH) == [
        plan_late,
        (AdviceCode.REPORT_DUE, True, LAST_DAY_TO_REPORT),
    ]
    assert advised(*running, *overseas(ENDED, reported)) == [
        plan_late,
        (AdviceCode.REPORTED_LATE, False, LAST_DAY_TO_REPORT),
    ]


def test_it_says_nothing_about_what_is_in_time_or_in_indonesia() -> None:
    early = PLANNED.model_copy(update={"planned_on": LAST_DAY_TO_PLAN})
    assert advised(*overseas(PROPOSED, early)) == []
    assert advised(PROPOSED, PLANNED) == []


async def test_a_reader_sees_the_advice_of_2018(registry: Registry) -> None:
    await registry.planned()
    assert (await registry.gets(EXHIBITION_PATH))["advice"] == []
    abroad = {**PROPOSAL, "exhibition": "mihas-2018", "scope": "OVERSEAS", "zone": "Asia/Tokyo"}
    await registry.done(PLANNER, "/exhibitions", abroad)
    await registry.done(PLANNER, "/exhibitions/mihas-2018/plan", PLAN)
    (advice,) = (await registry.gets("/exhibitions/mihas-2018"))["advice"]
    assert (advice["code"], advice["in_force"], advice["due_on"]) == (
        "planned-late",
        False,
        str(LAST_DAY_TO_PLAN),
    )
    assert advice["text"]["id"].startswith("Rencana pameran di luar negeri")
    listed = (await registry.gets("/exhibitions", scope="OVERSEAS"))["items"]
    assert [each["advice"] for each in listed] == [[advice]]


def test_the_settings_may_name_another_first_day_in_force(settings: Settings) -> None:
    assert overseas_policy(settings) == POLICY
    earlier = settings.model_copy(update={"overseas_policy_from": date(2017, 1, 1)})
    assert overseas_policy(earlier) == IN_FORCE
