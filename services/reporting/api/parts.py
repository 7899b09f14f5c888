"""The parts of the report, each read from a snapshot of reporting's copies.

`Requested` is what a query asks for: it exists and does not contradict itself. The routes in
`programme` read a part, or all of them, in one snapshot.
"""

from dataclasses import dataclass

from services.reporting.responses.achievement import (
    Achievements,
    achievements,
    illustrative_of,
    realised_of,
)
from services.reporting.responses.budget import Budgets, budgets
from services.reporting.responses.exhibitions import (
    ExhibitionFigures,
    Exhibitions,
    exhibition_figures,
    exhibitions,
)
from services.reporting.responses.fairness import Fairness, fairness_of
from services.reporting.responses.figures import Figures
from services.reporting.responses.funnel import Funnel, Seats, funnel, seats
from services.reporting.responses.outcomes import Results, results
from services.reporting.responses.part import Part
from services.reporting.responses.participation import Participation, participation
from services.reporting.responses.report import Report
from services.reporting.views import registration, tallies
from services.reporting.views.fairness import fairness
from services.reporting.views.registration import Exhibition, Programme
from shared.contracts.words import Id, Scope
from shared.kernel.errors import Contradiction, NotFound
from shared.service import Found, Snapshot


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The parameters of a query: a scope, an exhibition, or neither for the whole programme."""

    scope: Scope | None = None
    exhibition: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Requested:
    """The programme and the part of it that a query asks for, and the snapshot to read."""

    snapshot: Snapshot
    programme: Programme
    part: Part


async def requested(snapshot: Snapshot, programme: str, asked: Asked) -> Requested:
    """Return what is asked for.

    Raises `NotFound` for a programme or exhibition that does not exist, and `Contradiction` for an
    exhibition of another programme or scope: zeros would hide the mistake.
    """
    found = await snapshot.load(registration.programmes, programme)
    if found is None:
        raise NotFound("programme", programme, yet=True)
    part = Part(programme=programme, scope=asked.scope)
    if asked.exhibition is not None:
        part = await _exhibition_part(snapshot, part, asked.exhibition)
    return Requested(snapshot=snapshot, programme=found, part=part)


async def _exhibition_part(snapshot: Snapshot, part: Part, id: str) -> Part:
    exhibition = await snapshot.load(registration.exhibitions, id)
    if exhibition is None:
        raise NotFound("exhibition", id, yet=True)
    if exhibition.programme != part.programme:
        raise Contradiction(
            "another-programme",
            f"The exhibition {id} belongs to the programme {exhibition.programme}: ask there.",
        )
    if part.scope not in (None, exhibition.scope):
        raise Contradiction(
            "another-scope",
            f"The exhibition {id} is {exhibition.scope.value}: leave `scope` out, or correct it.",
        )
    return Part(
        programme=part.programme, scope=exhibition.scope, exhibition=id, name=exhibition.name
    )


async def read_achievement(query: Requested) -> Achievements:
    """Return targets and realised figures of the programme or scope."""
    programme, snapshot = query.part.programme, query.snapshot
    attendance = await snapshot.tally(tallies.attendance, programme=programme)
    enterprises = await snapshot.tally(tallies.enterprises, programme=programme)
    realised = realised_of(
        enterprises,
        attendance,
        await snapshot.tally(tallies.exhibitions, programme=programme),
    )
    found = await snapshot.find_all(registration.exhibitions, programme=programme)
    illustrative = illustrative_of(_states(found), attendance, enterprises)
    return achievements(query.programme, query.part, realised, illustrative)


async def read_funnel(query: Requested) -> Funnel:
    """Return the applications that reached each stage."""
    part, snapshot = query.part, query.snapshot
    reached = await snapshot.tally(tallies.funnel, **part.filters)
    return funnel(part, reached, await snapshot.tally(tallies.seats, **part.filters))


async def read_seats(query: Requested) -> Seats:
    """Return the figures of the rounds."""
    return seats(query.part, await query.snapshot.tally(tallies.seats, **query.part.filters))


async def read_budget(query: Requested) -> Budgets:
    """Return the money of the programme or scope."""
    programme, snapshot = query.part.programme, query.snapshot
    pagu = await snapshot.tally(tallies.pagu, programme=programme)
    return budgets(query.part, pagu, await snapshot.tally(tallies.use, programme=programme))


async def read_exhibitions(query: Requested) -> Exhibitions:
    """Return every exhibition of the part."""
    part = query.part
    if part.exhibition is None:
        found = _states(
            await query.snapshot.find_all(
                registration.exhibitions, programme=part.programme, scope=part.scope
            )
        )
    else:
        state = await query.snapshot.load(registration.exhibitions, part.exhibition)
        found = [(part.exhibition, state)] if state else []
    return exhibitions(part, await figures_of(query, found))


async def figures_of(
    query: Requested, found: list[tuple[str, Exhibition]]
) -> list[ExhibitionFigures]:
    """Return the figures of these exhibitions of the part."""
    snapshot, filters = query.snapshot, query.part.filters
    attendance = await snapshot.tally(tallies.attendance, **filters)
    return exhibition_figures(found, attendance, await snapshot.tally(tallies.use, **filters))


async def read_outcomes(query: Requested) -> Results:
    """Return the outcomes by rung and status, and the net devisa."""
    return results(query.part, await query.snapshot.tally(tallies.results, **query.part.filters))


async def read_participation(query: Requested) -> Participation:
    """Return who took part."""
    part, snapshot = query.part, query.snapshot
    attendance = await snapshot.tally(tallies.attendance, **part.filters)
    breakdown = await snapshot.tally(tallies.breakdown, part=part.key)
    enterprises: Figures = await snapshot.tally(
        tallies.enterprises, programme=part.programme, scope=part.target_scope.value
    )
    return participation(part, attendance, breakdown, enterprises)


async def read_fairness(query: Requested) -> Fairness:
    """Return the rates at which groups of applicants of the programme pass each stage."""
    programme = query.part.programme
    return fairness_of(query.part, await query.snapshot.tally(fairness, programme=programme))


async def read_report(query: Requested) -> Report:
    """Return all parts, and the version that they have in common."""
    return Report(
        programme=query.part.programme,
        title=query.programme.title,
        version=await query.snapshot.checkpoints(),
        targets_by=query.programme.present.document_number,
        achievement=await read_achievement(query),
        funnel=await read_funnel(query),
        seats=await read_seats(query),
        budget=await read_budget(query),
        exhibitions=await read_exhibitions(query),
        outcomes=await read_outcomes(query),
        participation=await read_participation(query),
    )


def _states(found: list[Found[Exhibition]]) -> list[tuple[str, Exhibition]]:
    return [(exhibition.id, exhibition.state) for exhibition in found]
