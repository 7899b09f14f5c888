"""The response about an exhibition: its plan, the terms of its call, and how it stands."""

from dataclasses import dataclass
from datetime import date

from services.registration.domain.exhibition.overseas_policy import Advice
from services.registration.domain.exhibition.state import Call, Exhibition, Plan, Status
from shared.contracts.words import Scope


@dataclass(frozen=True, kw_only=True)
class ExhibitionResponse:
    """An exhibition as its readers see it; `words` are for officers and auditors.

    `advice` is that of the policy on exhibitions overseas; it names what is late.
    """

    programme: str
    scope: Scope
    status: Status
    name: str
    city: str
    country: str
    organiser: str
    sectors: tuple[str, ...]
    slot: str | None
    illustrative: bool
    zone: str
    plan: Plan | None
    planned_on: date | None
    call: Call | None
    decree: str | None
    report: str | None
    report_signed_on: date | None
    report_late: bool
    rescheduled_because: str | None
    cancelled_because: str | None
    words: str | None
    replaced_by: str | None
    advice: tuple[Advice, ...]


def exhibition_response(
    state: Exhibition, *, words: bool, advice: tuple[Advice, ...]
) -> ExhibitionResponse:
    """Return the response about an exhibition; with `words` for who may read them."""
    return ExhibitionResponse(
        programme=state.programme,
        scope=state.scope,
        status=state.status,
        name=state.name,
        city=state.city,
        country=state.country,
        organiser=state.organiser,
        sectors=state.sectors,
        slot=state.slot,
        illustrative=state.illustrative,
        zone=state.zone,
        plan=state.plan,
        planned_on=state.planned_on,
        call=state.call,
        decree=state.decree,
        report=state.report,
        report_signed_on=state.report_signed_on,
        report_late=state.report_late,
        rescheduled_because=state.rescheduled_because,
        cancelled_because=state.cancelled_because,
        words=state.words if words else None,
        replaced_by=state.replaced_by,
        advice=advice,
    )
