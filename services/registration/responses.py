"""The profile of an enterprise for readers; only some readers see names and numbers.

Hashes of identifiers are never shown.
"""

from dataclasses import dataclass
from datetime import date

from services.registration.domain.enterprise.decider import Enterprise
from shared.contracts.registration.enterprise import DocumentKind
from shared.contracts.words import Province


@dataclass(frozen=True, kw_only=True)
class ShownDocument:
    """A document; its number is None where the reader may not see it."""

    document: DocumentKind
    issuer: str
    number: str | None
    issued_on: date
    expires_on: date | None


@dataclass(frozen=True, kw_only=True)
class Profile:
    """An enterprise; names are None where the reader may not see them."""

    name: str | None
    representative: str | None
    cooperative: bool
    province: Province
    sector: str
    net_assets_idr: int
    annual_sales_idr: int
    earlier_participations: int
    products: tuple[str, ...]
    documents: tuple[ShownDocument, ...]


def profile_of(state: Enterprise, *, personal: bool) -> Profile:
    """The profile, with what is personal or without."""
    return Profile(
        name=state.name if personal else None,
        representative=state.representative if personal else None,
        cooperative=state.cooperative,
        province=state.province,
        sector=state.sector,
        net_assets_idr=state.net_assets_idr,
        annual_sales_idr=state.annual_sales_idr,
        earlier_participations=state.earlier_participations,
        products=state.products,
        documents=tuple(
            ShownDocument(
                document=kind,
                issuer=document.issuer,
                number=document.number if personal else None,
                issued_on=document.issued_on,
                expires_on=document.expires_on,
            )
            for kind, document in sorted(state.documents.items())
        ),
    )
