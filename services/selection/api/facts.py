"""What the routes load beside a command, from this service's own rounds, candidates and rubrics.

Each of them stays true while it is relied on: a panel only grows, a round's rubric and a rubric
itself never change, who has entered stays entered, and what a closing has sealed stays as it is
until that closing is taken back, which is decided by the same round.
"""

from collections.abc import AsyncIterator

from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.score_sheets import PanelFacts, SheetFacts
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.rubric.decider import rubric
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.proposal import SealedFacts, sealed_candidate
from services.selection.domain.selection_round.scoring_phase import EnteredFacts
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.ids import exhibition_of
from shared.kernel.errors import Unknown
from shared.service import Service

PAGE = 500


async def panel_facts(service: Service, application: str) -> PanelFacts:
    """The panel of this candidate's round; raises `Unknown`."""
    found = await _round_of(service, application)
    return PanelFacts(curators=found.panel)


async def sheet_facts(service: Service, application: str) -> SheetFacts:
    """The weights of the rubric of this candidate's round; raises `Unknown`."""
    found = await _round_of(service, application)
    published = await service.load(rubric, found.rubric)
    if published is None:
        raise Unknown("rubric", found.rubric)
    return SheetFacts(weights=published.weights)


async def entered_facts(service: Service, exhibition: str) -> EnteredFacts:
    """Which applications of this exhibition have become candidates."""
    entered = [application async for application, _ in _candidates_of(service, exhibition)]
    return EnteredFacts(entered=frozenset(entered))


async def sealed_facts(service: Service, exhibition: str) -> SealedFacts:
    """The sealed candidates of this exhibition."""
    sealed = {
        application: found
        async for application, state in _candidates_of(service, exhibition)
        if (found := sealed_candidate(application, state)) is not None
    }
    return SealedFacts(candidates=sealed)


async def _round_of(service: Service, application: str) -> Round:
    exhibition = exhibition_of(application)
    found = await service.load(selection_round, exhibition)
    if found is None or found.status is Status.AWAITED:
        raise Unknown("round", exhibition)
    return found


async def _candidates_of(service: Service, exhibition: str) -> AsyncIterator[tuple[str, Candidate]]:
    after = ""
    while found := await service.find(candidate, after=after, limit=PAGE, exhibition=exhibition):
        for one in found:
            if one.state is not None:
                yield one.id, one.state
        after = found[-1].id
