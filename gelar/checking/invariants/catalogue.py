"""The list of all checks, those of invariants in the order of their numbers."""

from gelar.checking.invariants import (
    agreement,
    applicants,
    balances,
    booths,
    calendar,
    candidates,
    check_ins,
    decisions,
    disputes,
    duplicates,
    events,
    histories,
    judges,
    money,
    papers,
    payments,
    postings,
    rates,
    report,
    results,
    sanctions,
    seats,
)
from gelar.checking.invariants.check import Check, Evidence, Outcome

MODULES = (
    events,
    histories,
    seats,
    applicants,
    duplicates,
    sanctions,
    papers,
    booths,
    calendar,
    check_ins,
    decisions,
    disputes,
    judges,
    candidates,
    money,
    postings,
    payments,
    rates,
    results,
    balances,
    agreement,
    report,
)


def all_checks() -> list[Check]:
    """Return every check."""
    checks = [check for module in MODULES for check in module.checks()]
    return sorted(checks, key=lambda check: (check.invariant is None, check.invariant or 0))


def outcomes_of(evidence: Evidence) -> list[Outcome]:
    """Make every check."""
    return [check.outcome(evidence) for check in all_checks()]
