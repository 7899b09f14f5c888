"""Replay a run: make its ranking again from the history in a file, and compare every byte.

It needs no database, no broker and no network. The states are folded from the events alone: of the
rubric; of the round up to the moment in which this ranking was the next one; and of each candidate
up to the seal of its closing. Then the rules of the service rank them, the solver chooses, and the
event that comes out is compared with the recorded one.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from gelar.selection.history_file import HistoryFile, Line
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.points import mean_of, not_passed, total_of
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.choosing.places_only import first_for_places
from services.selection.domain.ranking.decider import MakeRanking, make_ranking
from services.selection.domain.ranking.order import problem_of
from services.selection.domain.ranking.sealed import RankingFacts, order_of, sealed_candidate
from services.selection.domain.rubric.decider import Rubric, rubric
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.proposal import next_ranking, terms_of
from services.selection.domain.selection_round.state import Round
from services.selection.solving.choice import solve
from shared.contracts.event import Event
from shared.contracts.ids import application_id
from shared.contracts.selection.candidate import CandidateScored
from shared.kernel.decider import Context, Decider, Origin
from shared.kernel.errors import Problem
from shared.kernel.recorded import classes_by_type


class NoReplay(Exception):
    """The file does not have what the run was made from."""


class Replay(NamedTuple):
    """The result: the digest of the selection, how many candidates, and each difference."""

    digest: str
    candidates: int
    differences: list[str]


def replay(history: HistoryFile) -> Replay:
    """Make the ranking of a run again. Raises `NoReplay` if its history is not complete."""
    exhibition, _, _ = history.run.partition(".")
    recorded = history.of("ranking", history.run)
    if len(recorded) != 1:
        raise NoReplay(f"the file has {len(recorded)} events of ranking {history.run}, not 1")
    state = _round_of_run(history, exhibition)
    try:
        facts = _solved(_facts(state, history))
        context = Context(
            now=datetime.fromisoformat(recorded[0].time),
            origin=Origin.PERSON,
            actor="replay",
            subject=history.run,
        )
        (made,) = make_ranking(MakeRanking(), facts, None, context)
    except Problem as refused:
        raise NoReplay(f"the rules refuse to rank it: {refused.sentence}") from None
    points = _points(state, history)
    return Replay(made.digest, made.candidates, [*points, *_differences(made, recorded[0])])


def _round_of_run(history: HistoryFile, exhibition: str) -> Round:
    """Return the round at the moment in which the ranking of this run was the next one."""
    events: list[Any] = _events(selection_round, history.of("round", exhibition))
    state: Round | None = None
    for event in events:
        state = selection_round.evolve(state, event)
        if state is not None and next_ranking(state) == history.run:
            return state
    raise NoReplay(f"in no moment of round {exhibition} was {history.run} the next ranking")


def _rubric_of(state: Round, history: HistoryFile) -> Rubric:
    published = _folded(rubric, _events(rubric, history.of("rubric", state.rubric)))
    if not isinstance(published, Rubric):
        raise NoReplay(f"the file has no rubric {state.rubric}")
    return published


def _points(state: Round, history: HistoryFile) -> Iterator[str]:
    """Yield each sheet and score that its levels do not make by the rubric."""
    published = _rubric_of(state, history)
    for id in state.remaining:
        found = _sealed(id, state.closing, history)
        if found is None or found.seal is None:
            continue
        weights = published.weights(found.applicant.sector)
        for sheet in found.sheets:
            total = total_of(sheet.levels, weights, published.missing_answer)
            if total != sheet.total:
                yield f"{id}: the sheet of {sheet.curator} makes {total}, recorded {sheet.total}"
        score = mean_of([sheet.total for sheet in found.sheets])
        if score != found.seal.score:
            yield f"{id}: its sheets make {score}, recorded {found.seal.score}"
        gates = not_passed(found.sheets)
        if gates != found.seal.not_passed:
            yield f"{id}: its sheets say {gates} of gates, recorded {found.seal.not_passed}"


def _facts(state: Round, history: HistoryFile) -> RankingFacts:
    published = _rubric_of(state, history)
    found = {id: _sealed(id, state.closing, history) for id in state.remaining}
    sealed = {
        id: facts
        for id, each in found.items()
        if each is not None and (facts := sealed_candidate(id, each, state.quotas)) is not None
    }
    return RankingFacts(
        exhibition=state.exhibition,
        programme=state.programme,
        scope=state.scope,
        closing=state.closing,
        sheets_min=state.sheets_min,
        terms=terms_of(state, published.deciding),
        remaining=state.remaining,
        candidates=sealed,
        inputs=state.inputs,
    )


def _sealed(id: str, closing: int, history: HistoryFile) -> Candidate | None:
    """Return a candidate as this closing has sealed it."""
    past: list[Event] = []
    for event in _events(candidate, history.of("candidate", id)):
        past.append(event)
        if isinstance(event, CandidateScored) and event.closing == closing:
            state: Candidate | None = _folded(candidate, past)
            return state
    return None


def _solved(facts: RankingFacts) -> RankingFacts:
    order, _ = order_of(facts)
    problem = problem_of(order, facts.terms)
    return replace(facts, solution=first_for_places(problem) or solve(problem))


def _events(decider: Decider[Any, Any, Any], lines: Sequence[Line]) -> list[Event]:
    classes = classes_by_type(decider.events)
    return [classes[line.type].read(line.data, line.private) for line in lines]


def _folded(decider: Decider[Any, Any, Any], events: Sequence[Event]) -> Any:
    state = decider.initial
    for event in events:
        state = decider.evolve(state, event)
    return state


def _differences(made: Event, recorded: Line) -> list[str]:
    """Return the fields in which the event differs from the recorded one, byte for byte."""
    if (made.public_json(), made.private_json()) == (recorded.data, recorded.private):
        return []
    pairs = ((made.public_json(), recorded.data), (made.private_json(), recorded.private))
    fields: list[str] = []
    for again, before in pairs:
        one_more, once = json.loads(again or "{}"), json.loads(before or "{}")
        fields += [
            f"{name}: recorded {_short(once.get(name))}, made again {_short(one_more.get(name))}"
            for name in sorted({*one_more, *once})
            if one_more.get(name) != once.get(name)
        ]
    return fields or ["the bytes of the event, in no field of it"]


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


def subjects_of(run: str, order: Sequence[str], rubric_id: str) -> list[tuple[str, str]]:
    """Return the aggregates whose events a run was made from, by kind and id."""
    exhibition, _, _ = run.partition(".")
    candidates = [("candidate", application_id(exhibition, each)) for each in sorted(order)]
    return [("rubric", rubric_id), ("round", exhibition), ("ranking", run), *candidates]
