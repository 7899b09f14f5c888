"""Enterprise (Pelaku Usaha, Koperasi included): its profile and sanctions, without personal data.

Names and identifiers (as keyed hashes) are private: no topic carries them.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, StringConstraints

from shared.contracts.codes import Sector, in_a_division
from shared.contracts.event import Event, Private
from shared.contracts.relations import Relations
from shared.contracts.words import Id, Instant, Positive, Province, Rupiah, Text, Word

HS_PATTERN = r"^[0-9]{4}([0-9]{2}){0,3}$"


class CooperativeKind(StrEnum):
    """The kinds of cooperatives (Koperasi) of UU 25/1992, explanation of article 16."""

    SAVINGS_AND_LOANS = "SAVINGS_AND_LOANS"
    CONSUMER = "CONSUMER"
    PRODUCER = "PRODUCER"
    MARKETING = "MARKETING"
    SERVICE = "SERVICE"


class Kbli(Word):
    """A product's class: five digits of an edition of KBLI, such as 13134 of 2017."""

    edition: Annotated[str, StringConstraints(pattern=r"^(2015|2017|2020)$")]
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$"), AfterValidator(in_a_division)]


class Product(Word):
    """A product as its enterprise declares it.

    `hs_code` are the digits of the customs tariff (4 to 10), `capacity` counts `unit` a month,
    `price_idr` is the price of a unit ex works, and `photographs` are ids of uploaded pictures.
    """

    name: Text
    kbli: Kbli | None = None
    hs_code: Annotated[str, StringConstraints(pattern=HS_PATTERN)] | None = None
    capacity: Annotated[int, Field(ge=0, le=10**9)] | None = None
    unit: Text | None = None
    price_idr: Positive | None = None
    photographs: Annotated[tuple[Id, ...], Field(max_length=6)] = ()


class ProfileRevisionCode(StrEnum):
    """A reason to revise a profile (ours): the public code beside the private words."""

    MISTYPED = "mistyped"
    NEW_FIGURES = "new-figures"
    MOVED = "moved"
    RENAMED = "renamed"
    PRODUCTS_CHANGED = "products-changed"
    OTHER = "other"


class Purpose(StrEnum):
    """A purpose for which an enterprise's data may be used beside the programme itself (ours)."""

    CATALOGUE = "CATALOGUE"
    BUYERS = "BUYERS"
    SURVEYS = "SURVEYS"
    OTHER_MINISTRIES = "OTHER_MINISTRIES"


class SanctionCode(StrEnum):
    """A reason of a sanction (ours): the public code beside the private words."""

    NO_SHOW = "no-show"
    REPORT_NOT_DELIVERED = "report-not-delivered"
    FALSE_STATEMENT = "false-statement"
    OTHER = "other"


class LiftingCode(StrEnum):
    """A reason to lift a sanction before its term is over (ours)."""

    REMEDIED = "remedied"
    OBJECTION_UPHELD = "objection-upheld"
    IMPOSED_BY_MISTAKE = "imposed-by-mistake"
    OTHER = "other"


class _Enterprise(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "enterprise"

    enterprise: Id


class EnterpriseRegistered(_Enterprise):
    """An enterprise was registered.

    `earlier_participations` counts facilitated ones before this programme, as declared;
    `identifiers` maps NIB, NPWP, NIK and NIK_KOPERASI to keyed hashes; `search_keys` are the hashes
    by which it is found, by a word of its name or as a possible duplicate; `relations` are those of
    its owner or board and of itself. `source` is the row of an import that it came from, or empty.
    """

    cooperative: bool
    cooperative_kind: CooperativeKind | None = None
    province: Province
    sector: Sector
    earlier_participations: Annotated[int, Field(ge=0, le=1_000)]
    net_assets_idr: Private[Rupiah] = 0
    annual_sales_idr: Private[Rupiah] = 0
    products: Private[tuple[Product, ...]] = ()
    name: Private[str] = ""
    representative: Private[str] = ""
    address: Private[str] = ""
    identifiers: Private[dict[str, str]] = {}
    search_keys: Private[tuple[str, ...]] = ()
    relations: Private[Relations] = ()
    registered_by: Private[str] = ""
    source: Private[str] = ""


class ProfileRevised(_Enterprise):
    """The whole profile was replaced; applications that were submitted keep what they froze."""

    code: ProfileRevisionCode
    cooperative_kind: CooperativeKind | None = None
    province: Province
    sector: Sector
    earlier_participations: Annotated[int, Field(ge=0, le=1_000)]
    net_assets_idr: Private[Rupiah] = 0
    annual_sales_idr: Private[Rupiah] = 0
    products: Private[tuple[Product, ...]] = ()
    name: Private[str] = ""
    representative: Private[str] = ""
    address: Private[str] = ""
    search_keys: Private[tuple[str, ...]] = ()
    relations: Private[Relations] = ()
    reason: Private[str] = ""
    revised_by: Private[str] = ""


SanctionNumber = Annotated[int, Field(ge=1, le=1_000)]
"""The number of a sanction among those of its enterprise, from 1 on."""


class SanctionImposed(_Enterprise):
    """A sanction (Sanksi) was imposed by this authority; without `ends_on` until it is lifted."""

    sanction: SanctionNumber
    code: SanctionCode
    starts_on: date
    ends_on: date | None = None
    authority: Text
    document_number: Text
    signed_on: date
    reason: Private[str] = ""
    imposed_by: Private[str] = ""


class SanctionLifted(_Enterprise):
    """A sanction ended before its term was over."""

    sanction: SanctionNumber
    code: LiftingCode
    authority: Text
    document_number: Text
    signed_on: date
    reason: Private[str] = ""
    lifted_by: Private[str] = ""


class ConsentGiven(_Enterprise):
    """The enterprise agreed to a use of its data; `wording` names the words that it read."""

    purpose: Purpose
    wording: Text
    given_at: Instant
    given_by: Private[str] = ""


class ConsentWithdrawn(_Enterprise):
    """The enterprise agrees no more: its data are not used for this purpose from now on."""

    purpose: Purpose
    withdrawn_by: Private[str] = ""


class IdentifiersRehashed(_Enterprise):
    """The hashes of its numbers, and those by which it is found, were brought to another key."""

    identifiers: Private[dict[str, str]] = {}
    search_keys: Private[tuple[str, ...]] = ()


EnterpriseEvent = (
    EnterpriseRegistered
    | ProfileRevised
    | SanctionImposed
    | SanctionLifted
    | ConsentGiven
    | ConsentWithdrawn
    | IdentifiersRehashed
)
