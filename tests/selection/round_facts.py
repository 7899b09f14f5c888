"""The facts that a route would load for a round whose candidates the whole panel scores."""

from dataclasses import replace

from services.selection.domain.selection_round.proposal import ProposedFacts
from services.selection.domain.selection_round.scoring_phase import CandidateSheets
from services.selection.domain.selection_round.state import Round
from tests.selection.examples import PANEL, SCORES, Scored, proposable, sealed


def counted_sheets(application: str, state: Round | None) -> CandidateSheets:
    """Return the sheets of a candidate: late conflicts are recorded, and others have scored it."""
    late = state.late_conflicts if state else ()
    conflicted = tuple(each.curator for each in late if each.application == application)
    scored = (*(name for name in PANEL if name not in conflicted), "curator-x", "curator-y")
    return CandidateSheets(
        assigned=scored, scored=scored, scorers=(*scored, *conflicted), conflicted=conflicted
    )


def ranking_facts(state: Round | None) -> ProposedFacts:
    """Return the ranking of the candidates that remain of the last closing, if there is any."""
    if state is None or not state.closing:
        return ProposedFacts(ranking=None)
    scores = [
        Scored(application=id, score=SCORES[id], closing=state.closing) for id in state.remaining
    ]
    facts = sealed(*scores, closing=state.closing)
    overrides = tuple(each.override for each in state.overrides)
    terms = replace(facts.terms, funds=state.funds, overrides=overrides)
    return proposable(replace(facts, terms=terms, inputs=state.inputs))
