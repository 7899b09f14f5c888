"""Eligible participants: invariants 2, 3 and 12 of the domain."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from demo.reconciling.checks import Check, Evidence
from shared.contracts.ids import application_id

LICENCES = frozenset({"NIB", "SIUP_TDP", "IUMK"})
PRODUCT_PERMITS = frozenset({"BPOM_MD", "SPP_IRT"})
PERMIT_SECTORS = frozenset({"10", "11", "20"})
TOOK_PART = frozenset({"ACCEPTED", "CONFIRMED", "ATTENDED", "ABSENT"})
PARTICIPATIONS_MAX = 3


def checks() -> Iterator[Check]:
    """The checks of this module."""
    yield Check(
        invariant=2,
        name="One application each; no number belongs to two enterprises",
        figures=_counted,
        differences=_duplicates,
    )
    yield Check(
        invariant=3,
        name="No failed requirement was made up for",
        figures=lambda evidence: f"{len(_verified(evidence)):,} verified applications",
        differences=_requirements,
    )
    yield Check(
        invariant=12,
        name="Three places at most for an enterprise in a scope",
        figures=lambda evidence: f"{_participations(evidence).total():,} places taken",
        differences=_caps,
    )


def _counted(evidence: Evidence) -> str:
    applications = len(evidence.books.kept["application"])
    return f"{applications:,} applications, {len(evidence.books.kept['enterprise']):,} enterprises"


def _duplicates(evidence: Evidence) -> Iterator[str]:
    for id, application in evidence.books.states("application").items():
        if id != application_id(application.exhibition, application.enterprise):
            yield f"application {id} is of {application.enterprise} for {application.exhibition}"
    numbers = Counter(
        number
        for enterprise in evidence.books.states("enterprise").values()
        for number in enterprise.identifiers.items()
    )
    for (kind, _), count in numbers.items():
        if count > 1:
            yield f"{count} enterprises have one {kind}"


def _verified(evidence: Evidence) -> dict[str, Any]:
    verified = {
        application.subject
        for application, _ in evidence.published.each("application", "application-verified")
    }
    return {
        id: application
        for id, application in evidence.books.states("application").items()
        if id in verified
    }


def _requirements(evidence: Evidence) -> Iterator[str]:
    exhibitions = evidence.books.states("exhibition")
    for id, item in _verified(evidence).items():
        last_day = exhibitions[item.exhibition].plan.ends_on
        valid = {str(each.document) for each in item.documents if _valid(each.expires_on, last_day)}
        wanted = {str(each) for each in item.requirements}
        if "LICENCE" in wanted and not valid & LICENCES:
            yield f"{id} had no licence valid until {last_day}"
        if item.applicant.sector in PERMIT_SECTORS and not valid & PRODUCT_PERMITS:
            yield f"{id} had no product permit"
        if "HALAL" in wanted and "HALAL" not in valid:
            yield f"{id} had no halal certificate"
        if item.capacity == 0 or (item.sectors and item.applicant.sector not in item.sectors):
            yield f"{id} had no capacity or another sector"


def _valid(expires_on: date | None, day: date) -> bool:
    return expires_on is None or expires_on >= day


def _participations(evidence: Evidence) -> Counter[tuple[str, str]]:
    return Counter(
        (application.enterprise, str(application.applicant.scope))
        for application in evidence.books.states("application").values()
        if application.status in TOOK_PART
    )


def _caps(evidence: Evidence) -> Iterator[str]:
    for (enterprise, scope), count in _participations(evidence).items():
        if count > PARTICIPATIONS_MAX:
            yield f"{enterprise} took {count} places {scope}"
