"""Load the facts of a command from this service's own rounds, candidates and rubrics.

Each fact stays true while a rule relies on it: a panel only grows; the rubric of a round and a
published rubric never change; a candidate that has entered stays entered; and sheets that a closing
has sealed do not change until a return of that closing, which the same round decides; and a ranking
never changes. Only the sheets of `scoring_facts` may change before they are sealed: `scoring_phase`
says what follows. The relations of a panel may be given again while the round is open: the closing
compares those that it decides with, and the ranking of what was sealed looks once more.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

from services.selection.domain.candidate.assignments import PanelFacts
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.relations import (
    UNKNOWN,
    KnownRelations,
    with_inferred,
)
from services.selection.domain.candidate.score_sheets import SheetFacts
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.ranking.decider import ranking
from services.selection.domain.ranking.order import problem_of
from services.selection.domain.ranking.sealed import (
    RankingFacts,
    SealedCandidate,
    order_of,
    require_admissible,
    sealed_candidate,
)
from services.selection.domain.rubric.decider import rubric
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.panel import PanelChoiceFacts
from services.selection.domain.selection_round.proposal import (
    ProposedFacts,
    next_ranking,
    terms_of,
)
from services.selection.domain.selection_round.scoring_phase import (
    ScoringFacts,
    sheets_of,
)
from services.selection.domain.selection_round.state import Round, Status
from services.selection.queries import contender_of, spread_max_of
from services.selection.relations import known_relations
from services.selection.solving.process import choose_apart
from shared.contracts.ids import exhibition_of
from shared.contracts.selection.rubric import Deciding
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound, Unknown
from shared.kernel.keys import HashKeys
from shared.kernel.relations import owners_of
from shared.service import Service


async def panel_facts(service: Service, application: str, context: Context) -> PanelFacts:
    """Return the panel of this candidate's round, and if the caller contends; raises `NotFound`."""
    return await panel_of(service, exhibition_of(application), context)


async def panel_of(service: Service, exhibition: str, context: Context) -> PanelFacts:
    """Return the panel of this round, and if the caller contends; raises `NotFound`."""
    state = await opened_round(service, exhibition)
    contender = await contender_of(service, exhibition, context)
    return PanelFacts(
        curators=state.panel,
        contender=contender,
        known=known_relations(service, state),
        sheets_min=state.sheets_min,
        spread_max=await spread_max_of(service, state),
    )


async def panel_choice_facts(
    service: Service, exhibition: str, context: Context
) -> PanelChoiceFacts:
    """Return the enterprise of the caller's token if it has a candidate in this round."""
    return PanelChoiceFacts(contender=await contender_of(service, exhibition, context))


async def sheet_facts(service: Service, application: str, context: Context) -> SheetFacts:
    """Return the rubric of the round, and if the caller contends.

    Raises `NotFound`, `Unknown`.
    """
    exhibition = exhibition_of(application)
    state = await opened_round(service, exhibition)
    published = await service.load(rubric, state.rubric)
    if published is None:
        raise Unknown("rubric", state.rubric)
    contender = await contender_of(service, exhibition, context)
    known = known_relations(service, state)
    return SheetFacts(rubric=published, contender=contender, known=known)


async def scoring_facts(service: Service, exhibition: str) -> ScoringFacts:
    """Return the sheets of the applications of this exhibition that have become candidates."""
    state = await service.load(selection_round, exhibition)
    spread_max = await spread_max_of(service, state) if state else None
    known = known_relations(service, state)
    candidates = {
        application: sheets_of(found, spread_max)
        async for application, found in candidates_of(service, exhibition, known)
    }
    return ScoringFacts(candidates=candidates, relations=known.curators)


async def ranking_facts(service: Service, exhibition: str) -> RankingFacts:
    """Return the closed scoring of this round, its sealed candidates, and the best choice of them.

    Raises `Refused` as the ranking does, and `Busy` if the solver gives no answer.
    """
    facts = await _sealed_facts(service, exhibition)
    order, _ = order_of(facts)
    problem = problem_of(order, facts.terms)
    require_admissible(problem)
    solution = await choose_apart(service.uploads.apart, problem)
    return replace(facts, solution=solution)


async def _sealed_facts(service: Service, exhibition: str) -> RankingFacts:
    state = await opened_round(service, exhibition)
    published = await service.load(rubric, state.rubric)
    known = known_relations(service, state)
    sealed = {
        application: facts
        async for application, found in candidates_of(service, exhibition, known)
        if (facts := _sealed(application, found, state, known.keys)) is not None
    }
    return RankingFacts(
        exhibition=exhibition,
        programme=state.programme,
        scope=state.scope,
        closing=state.closing,
        sheets_min=state.sheets_min,
        terms=terms_of(state, published.deciding if published else Deciding.RAW),
        remaining=state.remaining,
        candidates=sealed,
        inputs=state.inputs,
    )


def _sealed(
    application: str, found: Candidate, state: Round, keys: HashKeys
) -> SealedCandidate | None:
    owners = owners_of(found.relations, keys)
    return sealed_candidate(application, found, state.quotas, owners=owners)


async def proposable_facts(service: Service, exhibition: str) -> ProposedFacts:
    """Return the ranking that can be proposed in this round now."""
    state = await service.load(selection_round, exhibition)
    id = next_ranking(state) if state else None
    return ProposedFacts(ranking=await service.load(ranking, id) if id else None)


async def proposed_facts(service: Service, exhibition: str) -> ProposedFacts:
    """Return the ranking that is proposed in this round."""
    state = await service.load(selection_round, exhibition)
    proposal = state.proposal if state else None
    found = await service.load(ranking, proposal.ranking) if proposal else None
    return ProposedFacts(ranking=found)


async def next_ranking_of(service: Service, exhibition: str) -> str | None:
    """Return the id of the ranking that can be proposed in this round now, made or not."""
    state = await service.load(selection_round, exhibition)
    return next_ranking(state) if state else None


async def opened_round(service: Service, exhibition: str) -> Round:
    """Return the round of this exhibition once its call has opened; raises `NotFound`."""
    state = await service.load(selection_round, exhibition)
    if state is None or state.status is Status.AWAITED:
        raise NotFound("round", exhibition, yet=True)
    return state


async def candidates_of(
    service: Service, exhibition: str, known: KnownRelations = UNKNOWN
) -> AsyncIterator[tuple[str, Candidate]]:
    """Yield the candidates that have entered for this exhibition, withdrawn ones included.

    The conflicts that the `known` relations show are among their conflicts.
    """
    # A page may miss a candidate that changes while it is read: then the rule finds it neither
    # entered nor sealed and asks the person to try again.
    async for found in service.find_all(candidate, exhibition=exhibition):
        if found.state is not None:
            yield found.id, with_inferred(found.state, known)
