"""The responses about a round: terms, panel, quotas, seats and annex."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from services.selection.domain.selection_round.annex import Decree
from services.selection.domain.selection_round.decree import annex_digest
from services.selection.domain.selection_round.loss import Loss
from services.selection.domain.selection_round.objection_window import window_ends
from services.selection.domain.selection_round.reserves import stopping_bounds
from services.selection.domain.selection_round.state import (
    Round,
    SeatStatus,
    Status,
)
from services.selection.responses.candidate import DECIDING
from services.selection.views.own import RoundFigures
from shared.contracts.registration.exhibition import ObjectionTerms
from shared.contracts.registration.quota import QuotaGroup, QuotaStop
from shared.contracts.selection.approval import Override
from shared.contracts.selection.choice import Funds
from shared.contracts.words import Scope


@dataclass(frozen=True, kw_only=True)
class RoundSummary:
    """A round in a list, figures only; `threshold` in hundredths of a point."""

    programme: str
    scope: Scope
    status: Status
    places: int
    rubric: str
    threshold: int
    closing: int
    candidates: int
    seats_live: int
    reserves: int


@dataclass(frozen=True, kw_only=True)
class QuotaResponse:
    """A quota of the call (Kuota), with the live seats that count for it now."""

    code: str
    group: QuotaGroup
    minimum: int
    maximum: int | None
    live: int


@dataclass(frozen=True, kw_only=True)
class RoundResponse:
    """A round; seats, reserve and annex are empty until the selection is approved.

    `panel` is None for readers who may not know the names of the curators, and so are those of them
    whose relations are known (`relations_known`). `stopped_by` are the bounds that keep the
    reserves from the places that are free. `funds` are null while no money is allotted. Who is not
    selected may object until `objections_until`; a seat in dispute is ESCROWED.
    """

    programme: str
    scope: Scope
    status: Status
    places: int
    quotas: tuple[QuotaResponse, ...]
    stopped_by: tuple[QuotaStop, ...]
    funds: Funds | None
    technical_approval: bool
    overrides: tuple[Override, ...]
    rubric: str
    threshold: int
    sheets_min: int
    offer_hours: int
    objections: ObjectionTerms | None
    objections_until: datetime | None
    window_open: bool
    starts_on: date
    ends_on: date
    zone: str
    panel_size: int
    panel: tuple[str, ...] | None
    relations_known: tuple[str, ...] | None
    listed: tuple[str, ...] | None
    struck: tuple[str, ...]
    closing: int
    seats: dict[str, SeatStatus]
    reserve: tuple[str, ...]
    approved_on: date | None
    decree: Decree | None
    frozen: bool


@dataclass(frozen=True, kw_only=True)
class LossesResponse:
    """The losses that officers have requested, in the order of their requests."""

    losses: tuple[Loss, ...]


@dataclass(frozen=True, kw_only=True)
class AnnexResponse:
    """The annex as it is now: before the decree the confirmed, after it without the amended."""

    digest: str
    annex: tuple[str, ...]


def round_summary(figures: RoundFigures) -> RoundSummary:
    """Return the figures of the round, which every reader may see."""
    return RoundSummary(
        programme=figures.programme,
        scope=figures.scope,
        status=figures.status,
        places=figures.places,
        rubric=figures.rubric,
        threshold=figures.threshold,
        closing=figures.closing,
        candidates=figures.candidates,
        seats_live=figures.seats_live,
        reserves=figures.reserves,
    )


def round_response(state: Round, *, roles: frozenset[str]) -> RoundResponse:
    """Return the round, with its panel only for those who decide or audit."""
    return RoundResponse(
        programme=state.programme,
        scope=state.scope,
        status=state.status,
        places=state.places,
        quotas=_quotas(state),
        stopped_by=stopping_bounds(state) if state.status is Status.APPROVED else (),
        funds=state.funds,
        technical_approval=state.technical_approval,
        overrides=tuple(each.override for each in state.overrides)
        if state.approved_on is not None
        else (),
        rubric=state.rubric,
        threshold=state.threshold,
        sheets_min=state.sheets_min,
        offer_hours=state.offer_hours,
        objections=state.objection_terms,
        objections_until=window_ends(state),
        window_open=state.window_open,
        starts_on=state.starts_on,
        ends_on=state.ends_on,
        zone=state.zone,
        panel_size=len(state.panel),
        panel=state.panel if roles & DECIDING else None,
        relations_known=_relations_known(state) if roles & DECIDING else None,
        listed=state.listed,
        struck=state.struck,
        closing=state.closing,
        seats=state.seats,
        reserve=state.reserve,
        approved_on=state.approved_on,
        decree=state.decree,
        frozen=state.frozen,
    )


def _relations_known(state: Round) -> tuple[str, ...]:
    return tuple(each.curator for each in state.relations)


def annex_response(state: Round) -> AnnexResponse:
    """Return the annex with the digest that its decree or amendment names."""
    return AnnexResponse(digest=annex_digest(state), annex=state.annex)


def _quotas(state: Round) -> tuple[QuotaResponse, ...]:
    live = Counter(code for application in state.live for code in state.codes_of(application))
    return tuple(
        QuotaResponse(
            code=quota.code,
            group=quota.group,
            minimum=quota.minimum,
            maximum=quota.maximum,
            live=live[quota.code],
        )
        for quota in state.quotas
    )
