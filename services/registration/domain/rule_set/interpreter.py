"""The interpreter: check each rule of a set against the facts of an application.

It has no rule of its own: codes, documents, authorities, days and sectors are data of the set. A
rule that is not for this scope or sector, or that the call does not require, is not checked. A
check is PASS, or MISSING where the applicant can still deliver what is missing, or FAIL. It never
reads a clock: the day of the decision is among the facts. Called by the rules of verification and
correction, and by the check before a submission.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, assert_never

from shared.contracts.registration.document import DocumentKind
from shared.contracts.registration.rule_set import (
    CapacityCondition,
    CapCondition,
    DocumentOption,
    DocumentsCondition,
    EligibilityRule,
    RuleCheck,
    RuleVerdict,
    SanctionCondition,
    SectorCondition,
    SizeCondition,
    Source,
    Standard,
    StandardsCondition,
)
from shared.contracts.words import Scope, SizeClass


class Paper(Protocol):
    """A document of an applicant as rules read it; never its number."""

    @property
    def document_kind(self) -> DocumentKind:
        """The kind of the document."""

    @property
    def issuer(self) -> str:
        """The authority that issued it."""

    @property
    def issued_on(self) -> date:
        """The day of its issue."""

    @property
    def expires_on(self) -> date | None:
        """The last day on which it is valid; None: without end."""


@dataclass(frozen=True, kw_only=True)
class EligibilityFacts:
    """The facts that the rules of a set read; `size_class` None: larger than medium.

    `requirements`, `standards`, `sectors` and `valid_through` are the terms of the call. `sanction`
    describes one that is in force on the day of the decision. `unusable` are documents that an
    officer found not to count, `not_genuine` those of them that cannot be replaced by a delivery.
    """

    scope: Scope
    sector: str
    size_class: SizeClass | None
    capacity: int
    documents: Sequence[Paper]
    requirements: Sequence[str]
    standards: Sequence[Standard]
    sectors: Sequence[str]
    valid_through: date
    participations: int
    sanction: str | None
    unusable: Sequence[Paper] = ()
    not_genuine: Sequence[Paper] = ()


def check_rules(rules: Sequence[EligibilityRule], facts: EligibilityFacts) -> tuple[RuleCheck, ...]:
    """Return the check of each rule that counts for these facts, in the order of the set."""
    return tuple(_check(rule, facts) for rule in rules if _counts(rule, facts))


def unmet(checks: Sequence[RuleCheck]) -> tuple[str, ...]:
    """Return the codes of the rules that are not met."""
    return tuple(check.rule for check in checks if check.verdict is not RuleVerdict.PASS)


def written(paper: Paper) -> str:
    """Return a document's kind, days (ISO 8601) and issuer: `HALAL 2017-05-02/.., MUI`."""
    days = f"{paper.document_kind} {paper.issued_on}/{paper.expires_on or '..'}"
    return f"{days}, {paper.issuer}" if paper.issuer else days


def _counts(rule: EligibilityRule, facts: EligibilityFacts) -> bool:
    if rule.optional and rule.code not in facts.requirements:
        return False
    if isinstance(rule.condition, StandardsCondition) and not _standards(facts):
        return False
    in_scope = not rule.scopes or facts.scope in rule.scopes
    return in_scope and (not rule.sectors or facts.sector in rule.sectors)


def _check(rule: EligibilityRule, facts: EligibilityFacts) -> RuleCheck:
    match rule.condition:
        case DocumentsCondition(one_of=options):
            return _check_documents(rule, [options], facts)
        case StandardsCondition():
            return _check_documents(rule, _standards(facts), facts)
        case CapacityCondition(at_least=least):
            good = facts.capacity >= least
            return _checked(rule, good, facts.capacity, Source.APPLICATION, RuleVerdict.MISSING)
        case SectorCondition():
            good = not facts.sectors or facts.sector in facts.sectors
            return _checked(rule, good, facts.sector, Source.PROFILE)
        case CapCondition(places_max=most):
            good = facts.participations < most
            return _checked(rule, good, facts.participations, Source.PARTICIPATIONS)
        case SanctionCondition():
            value = facts.sanction or ""
            return _checked(rule, facts.sanction is None, value, Source.SANCTIONS)
        case SizeCondition():
            value = facts.size_class or ""
            return _checked(rule, facts.size_class is not None, value, Source.PROFILE)
        case _:
            assert_never(rule.condition)


def _checked(
    rule: EligibilityRule,
    good: bool,
    value: object,
    source: Source,
    otherwise: RuleVerdict = RuleVerdict.FAIL,
) -> RuleCheck:
    verdict = RuleVerdict.PASS if good else otherwise
    return RuleCheck(rule=rule.code, verdict=verdict, value=str(value), source=source)


def _standards(facts: EligibilityFacts) -> list[tuple[DocumentOption, ...]]:
    return [
        tuple(DocumentOption(document_kind=kind) for kind in standard.one_of)
        for standard in facts.standards
        if not standard.sectors or facts.sector in standard.sectors
    ]


def _check_documents(
    rule: EligibilityRule, groups: Sequence[Sequence[DocumentOption]], facts: EligibilityFacts
) -> RuleCheck:
    """Check that each group has a valid document; name the groups that have none."""
    valid = [_valid(options, facts) for options in groups]
    lacking = [options for options, paper in zip(groups, valid, strict=True) if paper is None]
    if not lacking:
        value = "; ".join(written(paper) for paper in valid if paper is not None)
        return _checked(rule, True, value, Source.DOCUMENTS)
    of_the_kinds = [paper for options in lacking for paper in _of_kinds(options, facts)]
    forged = [paper for paper in of_the_kinds if paper in facts.not_genuine]
    unusable = [paper for paper in of_the_kinds if paper in facts.unusable]
    return RuleCheck(
        rule=rule.code,
        verdict=RuleVerdict.FAIL if forged else RuleVerdict.MISSING,
        value="; ".join(map(written, forged or of_the_kinds)),
        source=Source.FINDINGS if unusable else Source.DOCUMENTS,
        wanted=tuple(
            tuple(dict.fromkeys(option.document_kind for option in options)) for options in lacking
        ),
    )


def _valid(options: Sequence[DocumentOption], facts: EligibilityFacts) -> Paper | None:
    found = (
        paper
        for option in options
        for paper in facts.documents
        if paper not in facts.unusable
        and _accepts(option, paper)
        and (paper.expires_on or date.max) >= facts.valid_through
    )
    return next(found, None)


def _of_kinds(options: Sequence[DocumentOption], facts: EligibilityFacts) -> Iterator[Paper]:
    kinds = {option.document_kind for option in options}
    return (paper for paper in facts.documents if paper.document_kind in kinds)


def _accepts(option: DocumentOption, paper: Paper) -> bool:
    first, last = option.issued_from or date.min, option.issued_through or date.max
    in_time = paper.document_kind is option.document_kind and first <= paper.issued_on <= last
    return in_time and (not option.authorities or _is_by(option.authorities, paper.issuer))


def _is_by(authorities: Sequence[str], issuer: str) -> bool:
    words = f" {_words(issuer)} "
    return any(f" {_words(authority)} " in words for authority in authorities)


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
