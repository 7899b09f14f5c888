"""A dated policy on exhibitions overseas: when they are planned, and when they are reported.

The policy is data (`services.registration.overseas_policies`), and this module interprets it.
Before its first day in force it only advises. In force it refuses a plan that comes too late, and
marks a report that does: a late report is better than none. The day of a plan is one in Jakarta, as
that of a document.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.registration.domain.exhibition.state import Exhibition, Plan, Status
from shared.contracts.words import Id, PublicText, Scope, Sentence

# State


@dataclass(frozen=True, kw_only=True)
class PlanRule:
    """Plan by this day of the year before, or so many calendar days before the first day."""

    month: int
    day: int
    days_before: int
    text: Sentence


@dataclass(frozen=True, kw_only=True)
class ReportRule:
    """Report within so many calendar days after the last day."""

    days_after: int
    text: Sentence


@dataclass(frozen=True, kw_only=True)
class OverseasPolicy:
    """A policy with the article that it is from, and the days on which it is in force."""

    policy: Id
    document: PublicText
    in_force_from: date
    in_force_through: date | None
    plan: PlanRule
    report: ReportRule

    def is_in_force(self, day: date) -> bool:
        """Return True if the policy is in force on this day."""
        last = self.in_force_through or date.max
        return self.in_force_from <= day <= last


class AdviceCode(StrEnum):
    """The subject of an advice."""

    PLAN_DUE = "plan-due"
    PLANNED_LATE = "planned-late"
    REPORT_DUE = "report-due"
    REPORTED_LATE = "reported-late"


@dataclass(frozen=True, kw_only=True)
class Advice:
    """An advice about an exhibition: the rule, its document, and the last day that it gives.

    `in_force` is False while the policy only advises. `due_on` is None while no days are known.
    """

    code: AdviceCode
    in_force: bool
    due_on: date | None
    document: str
    text: Sentence


# Rules


def last_day_to_plan(policy: OverseasPolicy, starts_on: date) -> date:
    """Return the last day on which an exhibition that starts on this day is planned in time."""
    rule = policy.plan
    of_year_before = date(max(starts_on.year - 1, 1), rule.month, rule.day)
    before_start = starts_on - timedelta(days=min(rule.days_before, starts_on.toordinal() - 1))
    return max(of_year_before, before_start)


def last_day_to_report(policy: OverseasPolicy, ends_on: date) -> date:
    """Return the last day on which an exhibition that ends on this day is reported in time."""
    left = (date.max - ends_on).days
    return ends_on + timedelta(days=min(policy.report.days_after, left))


def refuses_plan(policy: OverseasPolicy, *, starts_on: date, today: date) -> bool:
    """Return True if the policy is in force today, and it is too late to plan this exhibition."""
    return policy.is_in_force(today) and today > last_day_to_plan(policy, starts_on)


def is_report_late(policy: OverseasPolicy, *, ends_on: date, signed_on: date) -> bool:
    """Return True if the policy was in force at the end, and the report was signed too late."""
    return policy.is_in_force(ends_on) and signed_on > last_day_to_report(policy, ends_on)


def advice_of(policy: OverseasPolicy, state: Exhibition, today: date) -> tuple[Advice, ...]:
    """Return what the policy advises about an exhibition; nothing about a domestic one."""
    if state.scope is not Scope.OVERSEAS or state.status is Status.CANCELLED:
        return ()
    if state.plan is None:
        in_force = policy.is_in_force(today)
        return (_of_plan(policy, AdviceCode.PLAN_DUE, in_force=in_force, due_on=None),)
    return tuple(_of_planned(policy, state, state.plan))


def _of_planned(policy: OverseasPolicy, state: Exhibition, plan: Plan) -> Iterator[Advice]:
    last = last_day_to_plan(policy, plan.starts_on)
    if state.planned_on is not None and state.planned_on > last:
        in_force = policy.is_in_force(state.planned_on)
        yield _of_plan(policy, AdviceCode.PLANNED_LATE, in_force=in_force, due_on=last)
    due_on = last_day_to_report(policy, plan.ends_on)
    if state.status in (Status.RUNNING, Status.ENDED):
        yield _of_report(policy, AdviceCode.REPORT_DUE, plan, due_on)
    elif state.report_signed_on is not None and state.report_signed_on > due_on:
        yield _of_report(policy, AdviceCode.REPORTED_LATE, plan, due_on)


def _of_plan(
    policy: OverseasPolicy, code: AdviceCode, *, in_force: bool, due_on: date | None
) -> Advice:
    return Advice(
        code=code,
        in_force=in_force,
        due_on=due_on,
        document=policy.document,
        text=policy.plan.text,
    )


def _of_report(policy: OverseasPolicy, code: AdviceCode, plan: Plan, due_on: date) -> Advice:
    return Advice(
        code=code,
        in_force=policy.is_in_force(plan.ends_on),
        due_on=due_on,
        document=policy.document,
        text=policy.report.text,
    )
