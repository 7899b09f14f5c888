"""The routes of a programme's figures: the report, and each of its parts alone.

Each answer is read in one snapshot, so its figures fit together; the report names its version.
With `after=KIND/ID@version` a query waits until that version is applied.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Request

from services.reporting.api import READERS
from services.reporting.api.parts import (
    Asked,
    Requested,
    figures_of,
    read_achievement,
    read_budget,
    read_fairness,
    read_funnel,
    read_outcomes,
    read_participation,
    read_report,
    requested,
)
from services.reporting.responses.achievement import Achievements
from services.reporting.responses.budget import Budgets
from services.reporting.responses.exhibitions import ExhibitionFigures
from services.reporting.responses.fairness import Fairness
from services.reporting.responses.funnel import Funnel
from services.reporting.responses.outcomes import Results
from services.reporting.responses.participation import Participation
from services.reporting.responses.report import Report
from services.reporting.views.registration import Phase, exhibitions
from shared.contracts.words import Scope, Year
from shared.http import After, Caller, Limit, RunningService, page, query, routes
from shared.service import Found, Service, Snapshot

router = routes("programme")

Reader = Annotated[Caller, query(*READERS)]
ProgrammeId = Annotated[Year, Path(alias="programme")]
AskedPart = Annotated[Asked, Depends()]
P = TypeVar("P")


@router.get("/programmes/{programme}/achievement")
async def get_achievement(
    id: ProgrammeId, reader: Reader, service: RunningService, asked: AskedPart
) -> Achievements:
    """Return targets, original and revised, and realised figures (Target dan Capaian)."""
    return await _read(service, id, asked, read_achievement)


@router.get("/programmes/{programme}/funnel")
async def get_funnel(
    id: ProgrammeId, reader: Reader, service: RunningService, asked: AskedPart
) -> Funnel:
    """Count the applications that reached each stage; `selected` counts the seats of rounds."""
    return await _read(service, id, asked, read_funnel)


@router.get("/programmes/{programme}/budget")
async def get_budget(
    id: ProgrammeId, reader: Reader, service: RunningService, asked: AskedPart
) -> Budgets:
    """Return the budget in rupiah of each scope; the list of exhibitions has that of each."""
    return await _read(service, id, asked, read_budget)


@router.get("/programmes/{programme}/exhibitions")
async def list_exhibitions(  # noqa: PLR0913 - each filter is a parameter
    request: Request,
    id: ProgrammeId,
    reader: Reader,
    service: RunningService,
    *,
    scope: Scope | None = None,
    phase: Phase | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List exhibitions in order of id: the flag of illustrative ones, who came, the money."""

    async def read(snapshot: Snapshot) -> list[Found[ExhibitionFigures]]:
        of_programme = await requested(snapshot, id, Asked(scope=scope))
        found = await snapshot.find(
            exhibitions, after=after, limit=limit, programme=id, scope=scope, held=phase
        )
        rows = await figures_of(of_programme, [(each.id, each.state) for each in found])
        return [
            Found(id=each.id, version=each.version, state=row)
            for each, row in zip(found, rows, strict=True)
        ]

    return page(request, await service.at_one_moment(read), limit)


@router.get("/programmes/{programme}/outcomes")
async def get_outcomes(
    id: ProgrammeId, reader: Reader, service: RunningService, asked: AskedPart
) -> Results:
    """Return outcomes by rung and status, which are never added, and the net devisa."""
    return await _read(service, id, asked, read_outcomes)


@router.get("/programmes/{programme}/participation")
async def get_participation(
    id: ProgrammeId, reader: Reader, service: RunningService, asked: AskedPart
) -> Participation:
    """Return who took part: totals, distinct enterprises, by province, sector and size class."""
    return await _read(service, id, asked, read_participation)


@router.get("/programmes/{programme}/fairness")
async def get_fairness(id: ProgrammeId, reader: Reader, service: RunningService) -> Fairness:
    """Return the rates at which groups of applicants pass each stage; none of it is small."""
    return await _read(service, id, Asked(), read_fairness)


@router.get("/programmes/{programme}/report")
async def get_report(
    id: ProgrammeId, reader: Reader, service: RunningService, asked: AskedPart
) -> Report:
    """Return all figures as they were at one moment; each part says what it covers."""
    return await _read(service, id, asked, read_report)


async def _read(
    service: Service, id: str, asked: Asked, read: Callable[[Requested], Awaitable[P]]
) -> P:
    async def in_snapshot(snapshot: Snapshot) -> P:
        return await read(await requested(snapshot, id, asked))

    return await service.at_one_moment(in_snapshot)
