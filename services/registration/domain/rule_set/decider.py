"""The rule set (Perangkat Aturan, id chosen by the officer): published once, retired at most once.

A published rule set never changes, so a call freezes it by its id alone, and what an application
was checked by can be read for ever. A change is a rule set with another id. Each rule set has the
rules that no call may leave out: sector, participation cap, sanctions and size class.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Annotated, assert_never

from pydantic import Field

from shared.contracts.registration.rule_set import (
    RULES_MAX,
    CapCondition,
    DocumentsCondition,
    EligibilityRule,
    RetirementCode,
    RuleSetEvent,
    RuleSetPublished,
    RuleSetRetired,
    SizeLaw,
    StandardsCondition,
)
from shared.contracts.words import PublicId, PublicText, SizeClass, Text
from shared.kernel.decider import Context, Decider, Refused, absent, refuse_or_ignore

FOR_ALL = frozenset({"sector", "participation-cap", "sanction", "size-class"})
"""The forms of which each rule set has one rule, for every call and applicant."""

# Commands


@dataclass(frozen=True, kw_only=True)
class PublishRuleSet:
    """Publish the rules for the calls that close within these days; they never change."""

    rule_set: PublicId
    title: PublicText
    in_force_from: date
    in_force_through: date | None = None
    size_law: SizeLaw
    rules: Annotated[tuple[EligibilityRule, ...], Field(min_length=1, max_length=RULES_MAX)]


@dataclass(frozen=True, kw_only=True)
class RetireRuleSet:
    """Let no further call name the rule set; `reason` stays private."""

    code: RetirementCode
    reason: Text = field(repr=False)


RuleSetCommand = PublishRuleSet | RetireRuleSet

# State


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """A published rule set; `retired_because` is None until no further call can name it."""

    title: str
    in_force_from: date
    in_force_through: date | None
    size_law: SizeLaw
    rules: tuple[EligibilityRule, ...]
    retired_because: RetirementCode | None = None

    @property
    def places_max(self) -> int:
        """Return the cap on the places of an enterprise in a programme and scope."""
        caps = (rule.condition for rule in self.rules)
        return next(each.places_max for each in caps if isinstance(each, CapCondition))

    @property
    def optional(self) -> frozenset[str]:
        """Return the codes of the rules that a call may require."""
        return frozenset(rule.code for rule in self.rules if rule.optional)

    @property
    def document_rules(self) -> tuple[EligibilityRule, ...]:
        """Return the rules that read documents: other days may change their checks."""
        reading = (DocumentsCondition, StandardsCondition)
        return tuple(rule for rule in self.rules if isinstance(rule.condition, reading))

    @property
    def knows_standards(self) -> bool:
        """Return True if it has a rule for the standards of a call."""
        return any(isinstance(rule.condition, StandardsCondition) for rule in self.rules)

    def in_force_on(self, day: date) -> bool:
        """Return True if a call may close on this day by these rules."""
        return self.in_force_from <= day <= (self.in_force_through or date.max)


# Rules


def decide(
    command: RuleSetCommand, state: RuleSet | None, context: Context
) -> Sequence[RuleSetEvent]:
    """Publish a complete rule set, or retire it, once."""
    match command:
        case PublishRuleSet():
            return _publish(command, state, context)
        case RetireRuleSet():
            return _retire(command, state, context)
        case _:
            assert_never(command)


def evolve(state: RuleSet | None, event: RuleSetEvent) -> RuleSet:
    """Fold an event."""
    match event:
        case RuleSetPublished():
            return RuleSet(
                title=event.title,
                in_force_from=event.in_force_from,
                in_force_through=event.in_force_through,
                size_law=event.size_law,
                rules=event.rules,
            )
        case _ if state is None:
            raise ValueError(f"the first event of a rule set was {type(event).__name__}")
        case RuleSetRetired():
            return replace(state, retired_because=event.code)
        case _:
            assert_never(event)


def _publish(
    command: PublishRuleSet, state: RuleSet | None, context: Context
) -> Sequence[RuleSetEvent]:
    if state is not None:
        return refuse_or_ignore(
            context,
            "already-published",
            "This rule set is published and never changes: publish a rule set with another id.",
        )
    _check_days(command)
    _check_law(command.size_law)
    _check_rules(command.rules)
    return [
        RuleSetPublished(
            rule_set=command.rule_set,
            title=command.title,
            in_force_from=command.in_force_from,
            in_force_through=command.in_force_through,
            size_law=command.size_law,
            rules=command.rules,
        )
    ]


def _retire(
    command: RetireRuleSet, state: RuleSet | None, context: Context
) -> Sequence[RuleSetEvent]:
    if state is None:
        return absent(context, "rule set")
    if state.retired_because is not None:
        return []
    return [
        RuleSetRetired(
            rule_set=context.subject,
            code=command.code,
            reason=command.reason,
            retired_by=context.actor,
        )
    ]


def _check_days(command: PublishRuleSet) -> None:
    terms = [(command.in_force_from, command.in_force_through)]
    for rule in command.rules:
        if isinstance(rule.condition, DocumentsCondition):
            terms += [
                (option.issued_from or date.min, option.issued_through)
                for option in rule.condition.one_of
            ]
    if any(last is not None and last < first for first, last in terms):
        raise Refused(
            "ends-before-start",
            "A term of the rule set, or of the issue of a document, ends before it starts: "
            "correct its days.",
        )


def _check_law(law: SizeLaw) -> None:
    order = [list(SizeClass).index(bounds.size_class) for bounds in law.classes]
    for before, after in pairwise(law.classes):
        assets = before.net_assets_idr is None or after.net_assets_idr is None
        rising = assets or (before.net_assets_idr or 0) < (after.net_assets_idr or 0)
        if not rising or before.annual_sales_idr >= after.annual_sales_idr:
            order = []
    if order != sorted(set(order)) or not order:
        raise Refused(
            "classes-not-rising",
            "The size classes must be MICRO, SMALL, MEDIUM in this order, each with larger bounds "
            "than the one before: correct `size_law`.",
        )


def _check_rules(rules: Sequence[EligibilityRule]) -> None:
    if len({rule.code for rule in rules}) < len(rules):
        raise Refused("rule-repeated", "Two rules have the same code: give each its own code.")
    for form in sorted(FOR_ALL):
        of_form = [rule for rule in rules if rule.condition.form == form]
        if len(of_form) != 1 or any(
            rule.optional or rule.scopes or rule.sectors for rule in of_form
        ):
            raise Refused(
                "rule-for-all-missing",
                f"A rule set has one rule of the form {form}, for every call, scope and sector: "
                "add it, or remove `optional`, `scopes` and `sectors` from it.",
            )


rule_set = Decider(
    kind="rule-set",
    commands=RuleSetCommand,
    state=RuleSet | None,
    events=RuleSetEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    orders=(("in_force_from",),),
)
