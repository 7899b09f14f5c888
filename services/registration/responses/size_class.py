"""The size class of an enterprise on a day: by each rule set in force, with figures and evidence.

An application freezes the class by the law of the rule set of its call. This answers the same
question for any day, without an application.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.registration.domain.document.state import Document, counting
from services.registration.domain.enterprise.state import Enterprise
from services.registration.domain.rule_set.decider import RuleSet
from services.registration.domain.rule_set.size_classes import size_class_by
from shared.contracts.registration.document import DocumentKind
from shared.contracts.registration.rule_set import SizeBounds, SizeLaw
from shared.contracts.words import SizeClass

FIGURES = frozenset({DocumentKind.FINANCIAL_STATEMENT, DocumentKind.TAX_RETURN})
"""The kinds of documents that prove the figures of an enterprise (ours)."""

Figure = Literal["net_assets_idr", "annual_sales_idr"]


@dataclass(frozen=True, kw_only=True)
class ClassResponse:
    """The class by the law of a rule set, with its upper bounds; None: larger than medium.

    `decided_by` are the figures that alone are of this class.
    """

    rule_set: str
    law: str
    size_class: SizeClass | None
    bounds: SizeBounds | None
    decided_by: tuple[Figure, ...]


@dataclass(frozen=True, kw_only=True)
class EvidenceResponse:
    """A document that counts and proves the figures."""

    document: str
    document_kind: DocumentKind
    issuer: str
    issued_on: date
    has_file: bool


@dataclass(frozen=True, kw_only=True)
class SizeClassResponse:
    """The declared figures in rupiah, the documents behind them, and the class by each rule set."""

    on: date
    net_assets_idr: int
    annual_sales_idr: int
    evidence: tuple[EvidenceResponse, ...]
    classes: tuple[ClassResponse, ...]


def size_class_response(
    state: Enterprise,
    documents: Mapping[str, Document],
    rule_sets: Iterable[tuple[str, RuleSet]],
    day: date,
) -> SizeClassResponse:
    """Return the classes on this day; `documents` are all of the enterprise, by id."""
    return SizeClassResponse(
        on=day,
        net_assets_idr=state.net_assets_idr,
        annual_sales_idr=state.annual_sales_idr,
        evidence=tuple(
            EvidenceResponse(
                document=id,
                document_kind=document.document_kind,
                issuer=document.issuer,
                issued_on=document.issued_on,
                has_file=bool(document.file),
            )
            for id, document in counting(documents).items()
            if document.document_kind in FIGURES
        ),
        classes=tuple(
            _class_by(id, rules.size_law, state)
            for id, rules in rule_sets
            if rules.in_force_on(day) and rules.retired_because is None
        ),
    )


def _class_by(id: str, law: SizeLaw, state: Enterprise) -> ClassResponse:
    assets, sales = state.net_assets_idr, state.annual_sales_idr
    found = size_class_by(law, net_assets_idr=assets, annual_sales_idr=sales)
    alone: dict[Figure, SizeClass | None] = {
        "net_assets_idr": size_class_by(law, net_assets_idr=assets, annual_sales_idr=0),
        "annual_sales_idr": size_class_by(law, net_assets_idr=0, annual_sales_idr=sales),
    }
    if all(bounds.net_assets_idr is None for bounds in law.classes):
        del alone["net_assets_idr"]
    return ClassResponse(
        rule_set=id,
        law=law.name,
        size_class=found,
        bounds=next((each for each in law.classes if each.size_class is found), None),
        decided_by=tuple(figure for figure, size_class in alone.items() if size_class is found),
    )
