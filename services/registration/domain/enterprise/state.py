"""The state of an enterprise, and the fold of its events into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import assert_never

from shared.contracts.registration.enterprise import (
    ConsentGiven,
    ConsentWithdrawn,
    CooperativeKind,
    EnterpriseEvent,
    EnterpriseRegistered,
    IdentifiersRehashed,
    LiftingCode,
    Product,
    ProfileRevised,
    Purpose,
    SanctionCode,
    SanctionImposed,
    SanctionLifted,
)
from shared.contracts.relations import Relation
from shared.contracts.words import Province

# State


@dataclass(frozen=True, kw_only=True)
class Sanction:
    """A sanction (Sanksi): its term by Jakarta's calendar, who decided it, and its lifting."""

    code: SanctionCode
    starts_on: date
    ends_on: date | None
    authority: str
    document_number: str
    signed_on: date
    words: str
    imposed_by: str
    lifted_because: LiftingCode | None = None

    def in_force_on(self, day: date) -> bool:
        """Return True if it is in force on this day, as far as is known now."""
        ends_on = self.ends_on or date.max
        return self.lifted_because is None and self.starts_on <= day <= ends_on


@dataclass(frozen=True, kw_only=True)
class Consent:
    """A consent: the version of the words that were agreed to, and when."""

    wording: str
    given_at: datetime


@dataclass(frozen=True, kw_only=True)
class Enterprise:
    """An enterprise's profile, the hashes of its numbers, its sanctions and consents.

    `registered_by` registered it; `revised_by` are the people who have revised its profile. The
    number of a sanction is its place, from 1 on. `search_keys` are the keyed hashes by which it is
    found (`services.registration.domain.duplicates`); `relations` are the hashes of its owner or
    board and of itself, by which conflicts of interest are found.
    """

    name: str
    representative: str
    cooperative: bool
    province: Province
    sector: str
    net_assets_idr: int
    annual_sales_idr: int
    earlier_participations: int
    products: tuple[Product, ...]
    identifiers: dict[str, str]
    registered_by: str
    address: str = ""
    search_keys: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    cooperative_kind: CooperativeKind | None = None
    revised_by: tuple[str, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    consents: dict[Purpose, Consent] = field(default_factory=dict)

    def sanction_on(self, day: date) -> Sanction | None:
        """Return a sanction that is in force on this day, or None."""
        return next((each for each in self.sanctions if each.in_force_on(day)), None)

    def with_profile(self, event: ProfileRevised) -> "Enterprise":
        """Return this enterprise with the profile of the event."""
        return replace(
            self,
            name=event.name,
            representative=event.representative,
            address=event.address,
            cooperative_kind=event.cooperative_kind,
            province=event.province,
            sector=event.sector,
            net_assets_idr=event.net_assets_idr,
            annual_sales_idr=event.annual_sales_idr,
            earlier_participations=event.earlier_participations,
            products=event.products,
            search_keys=event.search_keys,
            relations=event.relations,
        )

    def declarers(self) -> tuple[str, ...]:
        """Return the people who registered it or revised its profile."""
        return tuple(sorted({self.registered_by, *self.revised_by} - {""}))


# Rules


def claims(state: Enterprise | None) -> dict[str, str]:
    """Return the numbers that no other enterprise may have: the kind of each by its claim."""
    return identifier_claims(state.identifiers) if state else {}


def identifier_claims(identifiers: Mapping[str, str]) -> dict[str, str]:
    """Return the kind of each number by the claim that makes its hash unique."""
    return {identifier_claim(kind, hashed): kind for kind, hashed in identifiers.items()}


def identifier_claim(kind: str, hashed: str) -> str:
    """Return the claim that makes the hash of a number unique."""
    return f"{kind.lower().replace('_', '-')}/{hashed}"


def evolve(state: Enterprise | None, event: EnterpriseEvent) -> Enterprise:
    """Fold an event."""
    match event:
        case EnterpriseRegistered():
            return _registered(event)
        case _ if state is None:
            raise ValueError(f"the first event of an enterprise was {type(event).__name__}")
        case ProfileRevised():
            revised_by = tuple(sorted({*state.revised_by, event.revised_by}))
            return replace(state.with_profile(event), revised_by=revised_by)
        case SanctionImposed() | SanctionLifted():
            return replace(state, sanctions=_evolve_sanctions(state.sanctions, event))
        case ConsentGiven() | ConsentWithdrawn():
            return replace(state, consents=_evolve_consents(state.consents, event))
        case IdentifiersRehashed():
            return replace(state, identifiers=event.identifiers, search_keys=event.search_keys)
        case _:
            assert_never(event)


def _registered(event: EnterpriseRegistered) -> Enterprise:
    return Enterprise(
        name=event.name,
        representative=event.representative,
        address=event.address,
        cooperative=event.cooperative,
        cooperative_kind=event.cooperative_kind,
        province=event.province,
        sector=event.sector,
        net_assets_idr=event.net_assets_idr,
        annual_sales_idr=event.annual_sales_idr,
        earlier_participations=event.earlier_participations,
        products=event.products,
        identifiers=event.identifiers,
        registered_by=event.registered_by,
        search_keys=event.search_keys,
        relations=event.relations,
    )


def _sanction(event: SanctionImposed) -> Sanction:
    return Sanction(
        code=event.code,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        authority=event.authority,
        document_number=event.document_number,
        signed_on=event.signed_on,
        words=event.reason,
        imposed_by=event.imposed_by,
    )


def _evolve_sanctions(
    sanctions: tuple[Sanction, ...], event: SanctionImposed | SanctionLifted
) -> tuple[Sanction, ...]:
    match event:
        case SanctionImposed():
            return (*sanctions, _sanction(event))
        case SanctionLifted():
            place = event.sanction - 1
            lifted = replace(sanctions[place], lifted_because=event.code)
            return (*sanctions[:place], lifted, *sanctions[place + 1 :])
        case _:
            assert_never(event)


def _evolve_consents(
    consents: dict[Purpose, Consent], event: ConsentGiven | ConsentWithdrawn
) -> dict[Purpose, Consent]:
    match event:
        case ConsentGiven():
            consent = Consent(wording=event.wording, given_at=event.given_at)
            return {**consents, event.purpose: consent}
        case ConsentWithdrawn():
            return {key: value for key, value in consents.items() if key != event.purpose}
        case _:
            assert_never(event)
