"""Rule set (Perangkat Aturan): the hard requirements of applicants as data, never changed.

A rule has a stable code, its text in Indonesian and in English, and a condition. The forms of
conditions are a closed set, so that one interpreter reads every rule set. `RuleCheck` is what the
interpreter found for one rule and one application.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.codes import Sector
from shared.contracts.event import Event, Private
from shared.contracts.registration.document import DocumentKind
from shared.contracts.words import (
    Id,
    PublicId,
    PublicText,
    Rupiah,
    Scope,
    Sentence,
    SizeClass,
    Word,
)

RULES_MAX = 50
DOCUMENTS_MAX = len(DocumentKind)


class SizeBounds(Word):
    """The upper bounds of a class, inclusive; without `net_assets_idr` only the sales count."""

    size_class: SizeClass
    net_assets_idr: Rupiah | None = None
    annual_sales_idr: Rupiah


class SizeLaw(Word):
    """The size classes of a law by its name, such as `UU 20/2008`; the smallest class first."""

    name: PublicText
    classes: Annotated[tuple[SizeBounds, ...], Field(min_length=1, max_length=len(SizeClass))]


class DocumentOption(Word):
    """A document that a rule accepts: of this kind, issued within these days, by an authority.

    Without `authorities` every issuer is accepted. An issuer is accepted if it has the name of an
    authority as whole words, with capitals or not: `LPPOM MUI Jawa Barat` has `MUI`.
    """

    document_kind: DocumentKind
    authorities: Annotated[tuple[PublicText, ...], Field(max_length=20)] = ()
    issued_from: date | None = None
    issued_through: date | None = None


class DocumentsCondition(Word):
    """One of these documents is filed and is valid through the last day of the exhibition."""

    form: Literal["documents"]
    one_of: Annotated[tuple[DocumentOption, ...], Field(min_length=1, max_length=2 * DOCUMENTS_MAX)]


class StandardsCondition(Word):
    """Each international standard that the call requires of the applicant's sector is met."""

    form: Literal["standards"]


class CapacityCondition(Word):
    """The applicant declares a capacity of at least so many units a month."""

    form: Literal["capacity"]
    at_least: Annotated[int, Field(ge=1, le=10**9)] = 1


class SectorCondition(Word):
    """The applicant's sector is among those of the exhibition."""

    form: Literal["sector"]


class CapCondition(Word):
    """The applicant has taken fewer places than this in its programme and scope."""

    form: Literal["participation-cap"]
    places_max: Annotated[int, Field(ge=1, le=100)]


class SanctionCondition(Word):
    """No sanction of the applicant is in force on the day of the decision."""

    form: Literal["sanction"]


class SizeCondition(Word):
    """The applicant has a size class of the rule set's law."""

    form: Literal["size-class"]


Condition = Annotated[
    DocumentsCondition
    | StandardsCondition
    | CapacityCondition
    | SectorCondition
    | CapCondition
    | SanctionCondition
    | SizeCondition,
    Field(discriminator="form"),
]
"""The forms of conditions: a closed set."""


class EligibilityRule(Word):
    """A hard requirement of an applicant: what it demands, and what to do where it is not met.

    `optional`: it counts only where the call names it in its requirements. Without `scopes` or
    `sectors` it is for all of them.
    """

    code: PublicId
    text: Sentence
    advice: Sentence
    condition: Condition
    optional: bool = False
    scopes: Annotated[tuple[Scope, ...], Field(max_length=len(Scope))] = ()
    sectors: Annotated[tuple[Sector, ...], Field(max_length=99)] = ()


class Standard(Word):
    """An international standard of a call: one of these documents, from applicants of a sector.

    Without `sectors` it is required of all applicants.
    """

    one_of: Annotated[tuple[DocumentKind, ...], Field(min_length=1, max_length=DOCUMENTS_MAX)]
    sectors: Annotated[tuple[Sector, ...], Field(max_length=99)] = ()


class RuleVerdict(StrEnum):
    """PASS, or the rule is not met: MISSING if a delivery can still meet it, else FAIL."""

    PASS = "PASS"
    FAIL = "FAIL"
    MISSING = "MISSING"


class Source(StrEnum):
    """The source of the value that a rule was checked by."""

    DOCUMENTS = "DOCUMENTS"
    FINDINGS = "FINDINGS"
    APPLICATION = "APPLICATION"
    PROFILE = "PROFILE"
    PARTICIPATIONS = "PARTICIPATIONS"
    SANCTIONS = "SANCTIONS"


class RuleCheck(Word):
    """The check of one rule: its verdict, the value that decided and where that came from.

    The value of a document is its kind with its days and issuer: `HALAL 2017-05-02/.., MUI`.
    `wanted` has groups of documents: one of each group is wanted.
    """

    rule: Id
    verdict: RuleVerdict
    value: str
    source: Source
    wanted: tuple[tuple[DocumentKind, ...], ...] = ()


class RetirementCode(StrEnum):
    """A reason to retire a rule set (ours): the public code beside the private words."""

    REPLACED = "replaced"
    LAW_CHANGED = "law-changed"
    MISTAKEN = "mistaken"
    OTHER = "other"


class _RuleSet(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "rule-set"

    rule_set: Id


class RuleSetPublished(_RuleSet):
    """A version of the rules, for calls that close within its days; its id is its version."""

    title: PublicText
    in_force_from: date
    in_force_through: date | None = None
    size_law: SizeLaw
    rules: tuple[EligibilityRule, ...]


class RuleSetRetired(_RuleSet):
    """No further call can name this rule set; a call that has named it keeps it."""

    code: RetirementCode
    reason: Private[str] = ""
    retired_by: Private[str] = ""


RuleSetEvent = RuleSetPublished | RuleSetRetired
