"""Who may take part: invariants 2, 3 and 12 of the domain."""

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
    for id, one in evidence.books.states("application").items():
        if id != application_id(one.exhibition, one.enterprise):
            yield f"application {id} is of {one.enterprise} for {one.exhibition}"
    numbers = Counter(
        number
        for one in evidence.books.states("enterprise").values()
        for number in one.identifiers.items()
    )
    for (kind, _), count in numbers.items():
        if count > 1:
            yield f"{count} enterprises have one {kind}"


def _verified(evidence: Evidence) -> dict[str, Any]:
    verified = {
        one.subject for one, _ in evidence.published.each("application", "application-verified")
    }
    return {id: one for id, one in evidence.books.states("application").items() if id in verified}


def _requirements(evidence: Evidence) -> Iterator[str]:
    exhibitions = evidence.books.states("exhibition")
    for id, one in _verified(evidence).items():
        last_day = exhibitions[one.exhibition].plan.ends_on
        valid = {str(each.document) for each in one.documents if _valid(each.expires_on, last_day)}
        wanted = {str(each) for each in one.requirements}
        if "LICENCE" in wanted and not valid & LICENCES:
            yield f"{id} had no licence valid until {last_day}"
        if one.applicant.sector in PERMIT_SECTORS and not valid & PRODUCT_PERMITS:
            yield f"{id} had no product permit"
        if "HALAL" in wanted and "HALAL" not in valid:
            yield f"{id} had no halal certificate"
        if one.capacity == 0 or (one.sectors and one.applicant.sector not in one.sectors):
            yield f"{id} had no capacity or another sector"


def _valid(expires_on: date | None, day: date) -> bool:
    return expires_on is None or expires_on >= day


def _participations(evidence: Evidence) -> Counter[tuple[str, str]]:
    return Counter(
        (one.enterprise, str(one.applicant.scope))
        for one in evidence.books.states("application").values()
        if one.status in TOOK_PART
    )


def _caps(evidence: Evidence) -> Iterator[str]:
    for (enterprise, scope), count in _participations(evidence).items():
        if count > PARTICIPATIONS_MAX:
            yield f"{enterprise} took {count} places {scope}"
