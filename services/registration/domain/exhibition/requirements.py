"""The rules of what a call may require: an optional rule of its rule set, or a standard.

A rule set that is retired while a call is being opened may still be named by it: its rules stay.
Called by the rule that opens a call.
"""

from collections.abc import Sequence
from datetime import datetime

from services.registration.domain.rule_set.decider import RuleSet
from shared.contracts.calendar import jakarta_date
from shared.contracts.registration.rule_set import Standard
from shared.kernel.decider import Refused


def require_terms(
    rules: RuleSet,
    *,
    closes_at: datetime,
    requirements: Sequence[str],
    standards: Sequence[Standard],
) -> None:
    """Refuse a rule set that is not for this call, or terms that it has no rule for."""
    _require_in_force(rules, closes_at)
    if len(set(requirements)) < len(requirements):
        raise Refused(
            "duplicate-requirement",
            "A requirement is named twice: name each requirement once.",
        )
    unknown = sorted(set(requirements) - rules.optional)
    if unknown:
        raise Refused(
            "unknown-requirement",
            f"The rule set has no optional rule {', '.join(unknown)}: a call may require "
            f"{', '.join(sorted(rules.optional))}.",
        )
    if standards and not rules.knows_standards:
        raise Refused(
            "standards-not-checked",
            "The rule set has no rule for standards: leave `standards` out, or name another set.",
        )


def _require_in_force(rules: RuleSet, closes_at: datetime) -> None:
    if rules.retired_because is not None:
        raise Refused(
            "rule-set-retired",
            f"This rule set is retired ({rules.retired_because}): name another one.",
        )
    day = jakarta_date(closes_at)
    if not rules.in_force_on(day):
        until = f"through {rules.in_force_through}" if rules.in_force_through else "on"
        raise Refused(
            "rule-set-not-in-force",
            f"The call closes on {day}, and this rule set is for calls that close from "
            f"{rules.in_force_from} {until}: name another one.",
        )
