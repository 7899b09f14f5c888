"""The routes of a programme's figures: achievement, funnel, budget, outcomes and report.

Each figure is exact; the figures of an answer are read one after another, so they may be a moment
apart. With `after=KIND/ID@version` a query waits until that version is applied.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path

from services.reporting import responses
from services.reporting.api import READERS
from services.reporting.labels import LABELS, label
from services.reporting.responses import Achievement, Budget, Ceiling, Result
from services.reporting.views import tallies
from services.reporting.views.registration import Programme, Stage, exhibitions, programmes
from shared.contracts.words import Id, Scope, TargetScope, Year
from shared.http import Caller, RunningService, query, routes
from shared.kernel.errors import NotFound
from shared.service import Service

router = routes("programme")

Reader = Annotated[Caller, query(*READERS)]
ProgrammeId = Annotated[Year, Path(alias="programme")]
BREAKDOWNS = ("province", "sector", "size_class")
PARTICIPATION = ("attended", "absent", "contested", "first_timers", "cooperatives")
SEATS = ("places", "selected", "confirmed", "lost", "annex")


@dataclass(frozen=True, kw_only=True)
class Part:
    """The requested part of the programme: all of it, a scope, or an exhibition."""

    scope: Scope | None = None
    exhibition: Id | None = None

    @property
    def filters(self) -> dict[str, str]:
        """The part as values of the dimensions of a tally."""
        values = {"scope": self.scope, "exhibition": self.exhibition}
        return {dimension: str(value) for dimension, value in values.items() if value}


async def requested_part(part: Annotated[Part, Depends()], service: RunningService) -> Part:
    """Return the part; raise `NotFound` for an exhibition that does not exist.

    Otherwise a mistyped id would give zeros, as of an exhibition where nothing has happened.
    """
    if part.exhibition and await service.load(exhibitions, part.exhibition) is None:
        raise NotFound("exhibition", part.exhibition, yet=True)
    return part


RequestedPart = Annotated[Part, Depends(requested_part)]


@router.get("/programmes/{programme}/achievement")
async def get_achievement(
    id: ProgrammeId, reader: Reader, service: RunningService, *, scope: Scope | None = None
) -> dict[str, list[Achievement]]:
    """Return targets and realised figures (Target dan Capaian) by scope and indicator."""
    return {"items": await _achievement(service, id, scope)}


@router.get("/programmes/{programme}/funnel")
async def get_funnel(
    id: ProgrammeId, reader: Reader, service: RunningService, part: RequestedPart
) -> dict[str, Any]:
    """Count the applications that reached each stage; `selected` counts the seats of rounds."""
    await _programme(service, id)
    return {"items": await _funnel(service, id, part)}


@router.get("/programmes/{programme}/budget")
async def get_budget(
    id: ProgrammeId, reader: Reader, service: RunningService, part: RequestedPart
) -> dict[str, list[Budget] | list[Ceiling]]:
    """Return the budget in rupiah: of each scope, of ALL scopes, and of each exhibition."""
    await _programme(service, id)
    found = await service.tally(tallies.use, programme=id, **part.filters)
    return {
        "items": await _budget(service, id, part.scope),
        "exhibitions": responses.ceilings(found),
    }


@router.get("/programmes/{programme}/outcomes")
async def get_outcomes(
    id: ProgrammeId, reader: Reader, service: RunningService, part: RequestedPart
) -> dict[str, list[Result]]:
    """Return outcomes by rung and status; rungs are never added, and devisa is a part of them."""
    await _programme(service, id)
    found = await service.tally(tallies.results, programme=id, **part.filters)
    return {"items": responses.results(found)}


@router.get("/programmes/{programme}/report")
async def get_report(
    id: ProgrammeId, reader: Reader, service: RunningService, part: RequestedPart
) -> dict[str, Any]:
    """Return all figures; `exhibition` does not limit achievement and budget, which have scopes."""
    programme = await _programme(service, id)
    found = await service.tally(tallies.results, programme=id, **part.filters)
    return {
        "programme": id,
        "title": programme.title,
        "targets_by": programme.document_number,
        "achievement": await _achievement(service, id, part.scope),
        "funnel": await _funnel(service, id, part),
        "seats": responses.counted(
            await service.tally(tallies.seats, programme=id, **part.filters), SEATS
        ),
        "budget": await _budget(service, id, part.scope),
        "outcomes": responses.results(found),
        "participation": await _participation(service, id, part),
    }


async def _programme(service: Service, id: str) -> Programme:
    found = await service.load(programmes, id)
    if found is None:
        raise NotFound("programme", id, yet=True)
    return found


async def _achievement(service: Service, id: str, scope: Scope | None) -> list[Achievement]:
    programme = await _programme(service, id)
    realised = responses.realised_of(
        await service.tally(tallies.enterprises, programme=id),
        await service.tally(tallies.participation, programme=id),
        await service.tally(tallies.exhibitions, programme=id),
    )
    rows = responses.achievements(programme.targets, realised)
    return [row for row in rows if scope is None or row.scope.value == scope.value]


async def _funnel(service: Service, id: str, part: Part) -> list[dict[str, Any]]:
    reached = await service.tally(tallies.funnel, programme=id, **part.filters)
    stages = responses.counted(reached, [stage.value for stage in Stage])
    given_seats = await service.tally(tallies.seats, programme=id, **part.filters)
    seats = responses.counted(given_seats, ("selected",))
    rows = []
    for stage in Stage:
        # The seats of the rounds come between verification and offers.
        if stage is Stage.OFFERED:
            rows.append(("selected", seats["selected"]))
        rows.append((stage.value, stages[stage.value]))
    return [{"stage": stage, "label": label(stage), "count": count} for stage, count in rows]


async def _budget(service: Service, id: str, scope: Scope | None) -> list[Budget]:
    rows = responses.budgets(
        await service.tally(tallies.pagu, programme=id),
        await service.tally(tallies.use, programme=id),
    )
    return [row for row in rows if scope is None or row.scope == scope.value]


async def _participation(service: Service, id: str, part: Part) -> dict[str, Any]:
    found = await service.tally(tallies.participation, programme=id, **part.filters)
    totals = responses.counted(found, PARTICIPATION)
    percent = responses.percent(totals["first_timers"], totals["attended"])
    dimensions = tallies.participation.dimensions
    breakdowns = {
        f"by_{name}": [
            {
                name: value,
                "label": label(value) if value in LABELS else None,
                **{measure: numbers[measure] for measure in PARTICIPATION},
            }
            for (value,), numbers in responses.summed(found, dimensions, name).items()
        ]
        for name in BREAKDOWNS
    }
    distinct = await _distinct(service, id, part, totals)
    return {**totals, "first_timer_percent": percent, "distinct": distinct, **breakdowns}


async def _distinct(
    service: Service, id: str, part: Part, totals: dict[str, int]
) -> dict[str, Any]:
    # An enterprise takes part in an exhibition once: there, participations are enterprises.
    numbers = {"enterprises": totals["attended"], "first_timers": totals["first_timers"]}
    if part.exhibition is None:
        scope = part.scope or TargetScope.ALL
        found = await service.tally(tallies.enterprises, programme=id, scope=scope.value)
        numbers = responses.counted(found, numbers)
    percent = responses.percent(numbers["first_timers"], numbers["enterprises"])
    return {**numbers, "first_timer_percent": percent}
