"""The responses about an enterprise: its profile, sanctions and consents."""

from dataclasses import dataclass
from datetime import date, datetime

from services.registration.domain.enterprise.state import Enterprise, Sanction
from shared.contracts.registration.enterprise import (
    CooperativeKind,
    LiftingCode,
    Product,
    Purpose,
    SanctionCode,
)
from shared.contracts.relations import RelationKind
from shared.contracts.words import Province


@dataclass(frozen=True, kw_only=True)
class SanctionResponse:
    """A sanction; `sanction` is its number, `words` is None for readers who may not see it."""

    sanction: int
    code: SanctionCode
    starts_on: date
    ends_on: date | None
    authority: str
    document_number: str
    signed_on: date
    lifted_because: LiftingCode | None
    words: str | None


@dataclass(frozen=True, kw_only=True)
class ConsentResponse:
    """A consent that stands: its purpose, and the words that were agreed to."""

    purpose: Purpose
    wording: str
    given_at: datetime


@dataclass(frozen=True, kw_only=True)
class EnterpriseResponse:
    """An enterprise; names, figures and products are None for readers who may not see them.

    `board_members` is the number of declared members of a cooperative's board.
    """

    name: str | None
    representative: str | None
    address: str | None
    cooperative: bool
    cooperative_kind: CooperativeKind | None
    board_members: int | None
    province: Province
    sector: str
    net_assets_idr: int | None
    annual_sales_idr: int | None
    earlier_participations: int
    products: tuple[Product, ...] | None
    sanctions: tuple[SanctionResponse, ...]
    consents: tuple[ConsentResponse, ...]


def enterprise_response(
    state: Enterprise, *, sees_name: bool, sees_private: bool
) -> EnterpriseResponse:
    """Return the enterprise, with its name and its private fields only if the reader sees them."""
    return EnterpriseResponse(
        name=state.name if sees_name else None,
        representative=state.representative if sees_private else None,
        address=(state.address or None) if sees_private else None,
        cooperative=state.cooperative,
        cooperative_kind=state.cooperative_kind,
        board_members=_board_members(state) if sees_private and state.cooperative else None,
        province=state.province,
        sector=state.sector,
        net_assets_idr=state.net_assets_idr if sees_private else None,
        annual_sales_idr=state.annual_sales_idr if sees_private else None,
        earlier_participations=state.earlier_participations,
        products=state.products if sees_private else None,
        sanctions=tuple(
            _sanction_response(number, sanction, sees_private=sees_private)
            for number, sanction in enumerate(state.sanctions, 1)
        ),
        consents=tuple(
            ConsentResponse(purpose=purpose, wording=consent.wording, given_at=consent.given_at)
            for purpose, consent in sorted(state.consents.items())
        ),
    )


def _board_members(state: Enterprise) -> int:
    return sum(each.kind is RelationKind.BOARD for each in state.relations)


def _sanction_response(number: int, state: Sanction, *, sees_private: bool) -> SanctionResponse:
    return SanctionResponse(
        sanction=number,
        code=state.code,
        starts_on=state.starts_on,
        ends_on=state.ends_on,
        authority=state.authority,
        document_number=state.document_number,
        signed_on=state.signed_on,
        lifted_because=state.lifted_because,
        words=state.words if sees_private else None,
    )
