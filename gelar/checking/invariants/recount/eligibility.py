"""The rules of published rule sets, read again from the topics for verified applications.

Findings of officers are private, and what was taken or sanctioned on the day of a decision has a
check of its own (the cap, sanctions): this module reads the rules on the frozen facts.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from gelar.checking.invariants.recount.applications import Application
from gelar.checking.invariants.topics import Data, Topics

Rules = Sequence[Data]


def rule_sets(topics: Topics) -> dict[str, Rules]:
    """Return the rules of each published rule set by its id."""
    published = topics.each("rule-set", "rule-set-published")
    return {fact.subject: fact.data["rules"] for fact in published}


def places_max(rules: Rules) -> int:
    """Return the cap of a rule set."""
    (cap,) = [rule for rule in rules if rule["condition"]["form"] == "participation-cap"]
    most: int = cap["condition"]["places_max"]
    return most


def unmet_rules(application: Application, rules: Rules, last_day: date) -> Iterator[str]:
    """Yield the codes of the rules that a verified application does not meet."""
    for rule in rules:
        check = CHECKS.get(rule["condition"]["form"])
        if check is None or not _counts(rule, application):
            continue
        if not check(rule["condition"], application, last_day):
            yield rule["code"]


def _counts(rule: Data, application: Application) -> bool:
    applicant = application.applicant
    named = not rule["optional"] or rule["code"] in application.frozen["requirements"]
    scoped = applicant["scope"] in (rule["scopes"] or [applicant["scope"]])
    return named and scoped and applicant["sector"] in (rule["sectors"] or [applicant["sector"]])


def _documents(condition: Data, application: Application, last_day: date) -> bool:
    return any(
        _accepted(option, document, last_day)
        for option in condition["one_of"]
        for document in application.frozen["documents"]
    )


def _standards(condition: Data, application: Application, last_day: date) -> bool:
    valid = {
        document["document_kind"]
        for document in application.frozen["documents"]
        if _lasts(document, last_day)
    }
    sector = application.applicant["sector"]
    return all(
        valid & set(standard["one_of"])
        for standard in application.frozen["standards"]
        if sector in (standard["sectors"] or [sector])
    )


def _capacity(condition: Data, application: Application, last_day: date) -> bool:
    return bool(application.frozen["capacity"] >= condition["at_least"])


def _sector(condition: Data, application: Application, last_day: date) -> bool:
    sectors = application.frozen["sectors"]
    return not sectors or application.applicant["sector"] in sectors


def _accepted(option: Data, document: Data, last_day: date) -> bool:
    if document["document_kind"] != option["document_kind"] or not _lasts(document, last_day):
        return False
    issued, first, last = document["issued_on"], option["issued_from"], option["issued_through"]
    if issued < (first or issued) or issued > (last or issued):
        return False
    names = option["authorities"]
    return not names or any(_has(document["issuer"], name) for name in names)


def _has(issuer: str, name: str) -> bool:
    words = r"\W+".join(map(re.escape, re.findall(r"\w+", name)))
    return re.search(rf"(?<!\w){words}(?!\w)", issuer, re.IGNORECASE) is not None


def _lasts(document: Data, last_day: date) -> bool:
    until = document["expires_on"]
    return until is None or date.fromisoformat(until) >= last_day


CHECKS: dict[str, Callable[[Data, Application, date], bool]] = {
    "documents": _documents,
    "standards": _standards,
    "capacity": _capacity,
    "sector": _sector,
}
"""The checks by the form of the condition; the others have checks of the audit of their own."""
